import { describe, expect, test } from 'vitest'
import { maskSecrets } from '../../../../server/text/preview.ts'

describe('secrets', () => {
  test.each([
    ['export KEY=sk-ant-api03-abcdefghijklmnop', 'sk-ant-api03-abcdefghijklmnop'],
    ['git clone https://me:hunter2secret@example.org/x', 'hunter2secret'],
    ['curl -H "Authorization: Bearer abcdefgh12345678"', 'abcdefgh12345678'],
    ['GITHUB_TOKEN=ghp_abcdefghijklmnopqrstuvwxyz012345 gh', 'ghp_abcdefghijklmnopqrstuvwxyz012345'],
    ['mysql --password=s3cr3t!', 's3cr3t!'],
    ['DB_PASSWORD="two words" run', 'two words'],
    ['aws configure AKIAABCDEFGHIJKLMNOP', 'AKIAABCDEFGHIJKLMNOP'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', 'MIIE'],
    // Escaped quotes, as JSON in JSON and in a string of the shell has them.
    [String.raw`curl -d "{\"password\":\"hunter2x\"}" x`, 'hunter2x'],
    [String.raw`curl -d "{\"password\":\"two words\"}" x`, 'words'],
    [`curl -d '{"password":"two words", "a": 1}'`, 'words'],
    [JSON.stringify({ body: JSON.stringify({ api_key: 'hunter2 x&y' }).replace('&', 'n') }), 'xny'],
    [JSON.stringify({ password: 'hunter;2&x(y)|z' }), 'x(y)'],
    ['{"args":["--password","hunter2x"]}', 'hunter2x'],
    [String.raw`{"password":"ab\"cdef"}`, 'cdef'],
    ['mysql --password hunter2x db', 'hunter2x'],
    ['deploy --auth-token \\\n  hunter2x', 'hunter2x'],
    ['curl -H "x-api-key: 0123456789"', '0123456789'],
    ['redis-cli -u redis://:s3cr3tx@db', 's3cr3tx'],
    ['curl -u bob:s3cr3tx https://example.org', 's3cr3tx'],
    ["curl --user 'bob:s3cr3tx' https://example.org", 's3cr3tx'],
    ['DB_PASS=s3cr3tx run', 's3cr3tx'],
    ["password = 's3cr3tx'", 's3cr3tx'],
    ['password: s3cr3tx', 's3cr3tx'],
    ["'password' => 's3cr3tx'", 's3cr3tx'],
    ['openssl rsa -passin pass:s3cr3tx', 's3cr3tx'],
    ['stripe sk_live_0123456789abcdef', '0123456789abcdef'],
    [`curl https://api.telegram.org/bot123456789:AA${'b-_'.repeat(11)}/getMe`, 'b-_b-_'],
    [`TOKEN=${'x'.repeat(600)}tail`, 'tail'],
    [`TOKEN="${'x'.repeat(600)}tail"`, 'tail'],
    [`https://me:${'x'.repeat(600)}tail@example.org`, 'tail'],
    [`# it's "here"\nDB_PASSWORD="two words" run`, 'words'],
    ["I don't know: DB_PASSWORD='s3cr3tx'", 's3cr3tx'],
  ])('%s', (text, secret) => {
    expect(maskSecrets(text)).not.toContain(secret)
    expect(maskSecrets(text)).toContain('‹masked›')
  })

  test.each([
    'git push origin main && grep -rn "token" src',
    'git push -u origin main',
    'curl -u',
    'docker run -u 1000:1000 alpine',
    'cat /etc/passwd ./secrets/token.txt src/password/index.ts',
    'gpg --passphrase-file x --password-file=/run/x; PASSWORD_FILE=/run/x',
    'psql --no-password db',
    'the password is asked for, and so is the token. Passwords are secret.',
    'a basic functionality',
    'PATH=/usr/bin compass=north max_tokens=4096 sort -u',
    'echo "$TOKEN" | login --token "$TOKEN" --password $PASS',
    `echo \${TOKEN:-none} https://example.org:8080/a@b`,
    '{"plan":"secret","tokens":[1,2]}',
  ])('what is none stays as it is: %s', (text) => {
    expect(maskSecrets(text)).toBe(text)
  })

  test.each([
    ['--token $(rm -rf ~)', 'rm -rf ~'],
    ['--token "$(rm -rf ~)"', 'rm -rf ~'],
    ['TOKEN=ab$(rm -rf ~) x', '$(rm -rf ~)'],
    ['TOKEN=`rm -rf ~`', '`rm -rf ~`'],
    ['TOKEN="a`rm -rf ~`b"', '`rm -rf ~`'],
    [`TOKEN=\${x:=$(rm -rf ~)}`, 'rm -rf ~'],
    ['TOKEN= rm -rf ~', 'rm -rf ~'],
    ['TOKEN=a;rm -rf ~', ';rm -rf ~'],
    ['TOKEN=a|sh', '|sh'],
    ['TOKEN=a>~/.profile', '>~/.profile'],
    ['--password\nrm -rf ~', 'rm -rf ~'],
    ['password:\nrm -rf ~', 'rm -rf ~'],
    // Between two strings, not in one.
    ['echo "token=" ; rm -rf ~ ; echo "x"', ' ; rm -rf ~ ; '],
    ['echo "token=";reboot;"x"', ';reboot;'],
    ['A="token=" rm -rf "x"', ' rm -rf '],
    ["A='token=' rm -rf 'x'", ' rm -rf '],
    ['# "\nA="token=" rm -rf "x"', ' rm -rf '],
    [`# it's\nA='token=' rm -rf 'x'`, ' rm -rf '],
    [`cat <<"\n"\n"\n\nA="token=" rm -rf "x"`, ' rm -rf '],
    [`bash -c 'A="token=" rm -rf "x"'`, ' rm -rf '],
    [String.raw`bash -c "A=\"token=\" rm -rf \"x\""`, ' rm -rf '],
    [`bash -c "echo 'token='; rm -rf ~; echo 'x'"`, '; rm -rf ~; '],
    [`A=$'\\'' B="token=" rm -rf "x"`, ' rm -rf '],
    ['PASS="a; rm -rf ~"; eval "$PASS"', '; rm -rf ~'],
    ['echo "-----BEGIN PRIVATE KEY-----"; rm -rf ~', 'rm -rf ~'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\nrm -rf ~\n-----END PRIVATE KEY-----', 'rm -rf ~'],
    ['curl http://a:1;reboot;echo@x', ';reboot;echo'],
    ['curl -u a:$(rm -rf ~)', 'rm -rf ~'],
    [String.raw`{"command":"TOKEN=a\nreboot"}`, 'reboot'],
  ])('never what runs: %s', (text, running) => {
    expect(maskSecrets(text)).toContain(running)
  })

  // Anything worse than linear would take minutes.
  test('are looked for in a megabyte of what costs most in time', { timeout: 60_000 }, () => {
    const costly = [
      'a',
      'token',
      'token=',
      'token="',
      '"',
      '\\"',
      '\\',
      "'",
      '"\\"',
      'token ',
      '--token ',
      '--',
      '-u ',
      '-u a',
    ]
    const more = [
      '-u:',
      '://',
      '://a:',
      '://:',
      '-----BEGIN PRIVATE KEY-----',
      'MMMM ',
      'basic ',
      'eyJ',
      '$(',
      '"$',
      ':',
      ' =',
      '#',
      '`',
    ]
    for (const one of [...costly, ...more])
      expect(maskSecrets(`token=1${one.repeat(2 ** 20 / one.length)}x`)).toContain('‹masked›')
  })
})
