// The peer's speed, one process: {credential, documents, seconds?} -> {issue_per_s, verify_per_s, node, packages}.
// The credential is signed anew with a key of this script; status is left out, as in our own bench.
import * as eddsa from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {answer, keyFromSeed, loader} from './common.mjs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {readFile} from 'node:fs/promises';

const PEERS = ['@digitalbazaar/vc', '@digitalbazaar/eddsa-rdfc-2022-cryptosuite', 'jsonld'];

await answer(async ({credential, documents, seconds = 5}) => {
  const key = await keyFromSeed('07'.repeat(32));
  const {proof, credentialStatus, ...rest} = credential;
  const issuer = typeof rest.issuer === 'object' ? {...rest.issuer, id: key.controller} : key.controller;
  const unsigned = {...rest, issuer};
  const text = JSON.stringify(unsigned);
  const documentLoader = loader(documents, {lasting: true});
  const now = new Date(rest.validFrom);
  const issue = () => vc.issue({
    credential: JSON.parse(text),
    suite: new DataIntegrityProof({signer: key.signer(), cryptosuite: eddsa.cryptosuite}),
    documentLoader
  });
  const signed = JSON.stringify(await issue());
  const verify = async () => {
    const result = await vc.verifyCredential({
      credential: JSON.parse(signed),
      suite: new DataIntegrityProof({cryptosuite: eddsa.cryptosuite}),
      documentLoader,
      now
    });
    if (!result.verified) {
      throw result.error;
    }
  };
  return {
    issue_per_s: await rate(issue, seconds),
    verify_per_s: await rate(verify, seconds),
    node: process.version,
    packages: Object.fromEntries(await Promise.all(PEERS.map(async name => [name, await version(name)])))
  };
});

async function rate(work, seconds) {
  await repeat(work, seconds / 2);
  const {count, elapsed} = await repeat(work, seconds);
  return Math.round((count / elapsed) * 10) / 10;
}

async function repeat(work, seconds) {
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  while (elapsed < seconds) {
    await work();
    count += 1;
    elapsed = (performance.now() - start) / 1000;
  }
  return {count, elapsed};
}

async function version(name) {
  return JSON.parse(await readFile(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
}
