/** Hook handlers and their groups, as they stand in a settings file of Claude Code. */

/** A hook handler of ours. More keys are Claude Code's own, such as `if`. */
export type Handler = { type: 'command'; command: string; timeout: number; [key: string]: unknown }

/** A group of handlers for one event. */
export type HookGroup = { event: string; matcher?: string; hooks: Handler[] }

/** The same as it stands in a file, under its event. */
export type Group = Omit<HookGroup, 'event'>

/** Tells which handlers are ours, given one as it stands in a file. */
export type IsOurs = (handler: unknown) => boolean
