/** The frame of every page. */
import type { Child } from 'hono/jsx'
import { showHidden } from '../text/preview.ts'

type Frame = { title: string; children?: Child; state?: string; isLive?: boolean; refreshS?: number }

/** A whole document. `isLive` lets the script look for changes, `refreshS` loads it again after so many seconds. */
export function Layout({ title, children, state = '', isLive = false, refreshS }: Frame) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {refreshS !== undefined && <meta http-equiv="refresh" content={String(refreshS)} />}
        <title>{showHidden(title)}</title>
        <link rel="icon" href="/icon-192.png" />
        <link rel="stylesheet" href="/style.css" />
        <script src="/app.js" defer></script>
      </head>
      <body>
        <main data-state={state} data-live={isLive ? 'yes' : 'no'}>
          {children}
        </main>
      </body>
    </html>
  )
}
