// Verifies one message of a webhook: {secret, publicKey, headers: {webhook-id, …}, body} -> {hmac, ed25519}: whether the
// published library takes it, and whether one of its v1a signatures is of that key.
import {createPublicKey, verify} from 'node:crypto';
import {answer} from './common.mjs';
import {Webhook} from 'standardwebhooks';

const SPKI_OF_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

await answer(async ({secret, publicKey, headers, body}) => {
  // The library refuses what is five minutes old; the stories have their own time.
  Date.now = () => Number(headers['webhook-timestamp']) * 1000;
  let hmac = true;
  try {
    new Webhook(secret).verify(body, headers);
  } catch {
    hmac = false;
  }
  const raw = Buffer.from(publicKey.replace('whpk_', ''), 'base64');
  const key = createPublicKey({key: Buffer.concat([SPKI_OF_ED25519, raw]), format: 'der', type: 'spki'});
  const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  const signatures = headers['webhook-signature'].split(' ').filter(one => one.startsWith('v1a,'));
  const ed25519 = signatures.some(one => verify(null, content, key, Buffer.from(one.slice(4), 'base64')));
  return {hmac, ed25519};
});
