/**
 * Which characters of an agent's text mislead whoever reads it. Pure. Classes of a regular expression with the `v` flag:
 * the one table that pages, pushes, prints and logs go by.
 */

/** Control characters but tab and line feed. CR is one: what runs is not what a line end looks like. */
export const CONTROLS = String.raw`[\p{Cc}--[\t\n]]`

/** What steers a screen: controls, marks that turn the direction of writing, line and paragraph separators. */
export const STEERING = String.raw`[${CONTROLS}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]`

/**
 * That, and what is not seen at all: every format character (zero width, tags), lone surrogates, variation selectors that
 * carry data, fillers that look like nothing.
 */
export const HIDDEN = String.raw`[${STEERING}\p{Cf}\p{Cs}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u{e0100}-\u{e01ef}]`
