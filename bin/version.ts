/** The program's version; written in by the build, and unknown when run from the sources. */
export const VERSION: string = process.env.RC_VERSION ?? '0.0.0-source'
