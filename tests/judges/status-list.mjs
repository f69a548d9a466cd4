// Signs a status list as a foreign issuer: {id, purpose, set: [index, …], length?, seed, verificationMethod?, created?,
// validFrom?, validUntil?, documents} -> {credential}.
import * as eddsa from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {answer, keyFromSeed, loader} from './common.mjs';
import {createCredential, createList} from '@digitalbazaar/vc-bitstring-status-list';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';

await answer(async question => {
  const {id, purpose, set, length = 131072, seed, verificationMethod, created, documents} = question;
  const key = await keyFromSeed(seed, verificationMethod);
  const list = await createList({length});
  set.forEach(index => list.setStatus(index, true));
  const unsigned = await createCredential({id, list, statusPurpose: purpose});
  const {validFrom, validUntil} = question;
  const credential = {...unsigned, issuer: key.controller, ...(validFrom && {validFrom}), ...(validUntil && {validUntil})};
  const suite = new DataIntegrityProof({signer: key.signer(), date: created, cryptosuite: eddsa.cryptosuite});
  return {credential: await vc.issue({credential, suite, documentLoader: loader(documents)})};
});
