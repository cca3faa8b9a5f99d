import { expect, test } from 'vitest'
import { toContainerError } from '../../../../container/docker/errors.ts'
import { ContainerError } from '../../../../container/errors.ts'

const said = (statusCode: number, message: string) => ({
  statusCode,
  json: { message },
  message: `(HTTP code ${statusCode}) ${message}`,
})
const system = (code: string) => Object.assign(new Error(`connect ${code} /var/run/docker.sock`), { code })

test.each([
  [system('ENOENT'), 'docker-not-running', 'Docker does not answer at /var/run/docker.sock.'],
  [system('ECONNREFUSED'), 'docker-not-running', 'Docker does not answer at /var/run/docker.sock.'],
  [system('EACCES'), 'docker-not-permitted', "You may not use Docker's socket /var/run/docker.sock."],
  [
    said(404, 'No such image: remote-claude:latest'),
    'image-missing',
    'There is no image remote-claude:latest.',
  ],
  [
    said(
      409,
      'Conflict. The container name "/rc-app-1" is already in use by container "0f3c". You have to remove (or rename) that container to be able to reuse that name.',
    ),
    'container-name-taken',
    'A container called rc-app-1 already exists.',
  ],
  [said(404, 'No such container: 0f3c'), 'container-missing', 'That container is gone.'],
  [
    said(400, 'invalid mount config for type "bind": bind source path does not exist: /home/ada/gone'),
    'mount-missing',
    'Docker cannot find the folder /home/ada/gone.',
  ],
  [said(500, 'write /layer.tar: no space left on device'), 'disk-full', 'The disk that Docker uses is full.'],
  [
    { statusCode: 500, message: '(HTTP code 500) server error - Get "https://r.example/v2/": no such host' },
    'docker-failed',
    'Docker could not start the container: Get "https://r.example/v2/": no such host.',
  ],
  [said(500, 'something new.'), 'docker-failed', 'Docker could not start the container: something new.'],
])('%o becomes %s', (error, code, message) => {
  expect(toContainerError(error, 'start the container', '/var/run/docker.sock')).toMatchObject({
    code,
    message,
    remedy: expect.stringMatching(/\.$/),
    cause: error,
  })
})

test('a sentence stays as it is', () => {
  const own = new ContainerError('x', 'y', 'z')
  expect(toContainerError(own, 'do', 's')).toBe(own)
})
