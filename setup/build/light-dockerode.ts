/** Keeps what no command needs out of the bundled dockerode: a third of its start-up time goes with it, and 1.6 MB. */
import type { Plugin } from 'esbuild'

/**
 * ssh2 is loaded when DOCKER_HOST is an ssh:// address and not before; the BuildKit session (gRPC, protobuf, with
 * files that a bundle cannot carry) is replaced by a sentence, for images are built with the classic builder.
 */
export const lightDockerode: Plugin = {
  name: 'light-dockerode',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/(ssh|session|buildkit)$/ }, ({ path, importer }) =>
      /node_modules\/(dockerode|docker-modem)\//.test(importer)
        ? { path: path.slice(2), namespace: 'light', pluginData: importer }
        : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'light' }, ({ path, pluginData }) => ({
      resolveDir: pluginData.replace(/\/[^/]+$/, ''),
      contents:
        path === 'ssh'
          ? 'module.exports = (options) => require("./ssh.js")(options)'
          : 'module.exports = () => { throw new Error("BuildKit is not part of this program") }',
    }))
    // Optional native speed-ups of ssh2, which does without when they are missing.
    onResolve({ filter: /^cpu-features$|\.node$/ }, ({ path }) => ({ path, external: true }))
  },
}
