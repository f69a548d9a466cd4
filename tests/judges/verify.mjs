// Judges a credential: {credential, documents, now?, anyIssuer?} -> {verified, errors, proofs, status}.
//
// `verified` is true only when the library verifies the credential, each of its proofs fits, the signed status lists it
// names verify at `now`, and no bit of them is set. (The library knows sets of proofs, but no chains.)
// `anyIssuer` leaves out the rule that the key belongs to the issuer.
import * as eddsa from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {answer, loader, sentences} from './common.mjs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import jsigs from 'jsonld-signatures';

await answer(async ({credential, documents, now, anyIssuer = false}) => {
  const documentLoader = loader(documents);
  const clock = now === undefined ? {} : {now: new Date(now)};
  const purpose = anyIssuer ? {purpose: new jsigs.purposes.AssertionProofPurpose()} : {};
  const result = await vc.verifyCredential({
    credential,
    suite: suite(),
    documentLoader,
    checkStatus: () => statusOf(credential, documentLoader, clock),
    ...clock,
    ...purpose
  });
  const proofs = (result.results ?? []).filter(one => one.proof).map(one => ({
    verificationMethod: one.proof.verificationMethod,
    verified: one.verified,
    errors: sentences(one.error)
  }));
  const status = result.statusResult?.entries ?? [];
  const why = [sentences(result.error), sentences(result.statusResult?.error), proofs.flatMap(proof => proof.errors)];
  return {
    verified: result.verified && proofs.length > 0 && proofs.every(proof => proof.verified),
    errors: [...new Set(why.flat())],
    proofs,
    status
  };
});

function suite() {
  return new DataIntegrityProof({cryptosuite: eddsa.cryptosuite});
}

// The library reads the bits and leaves the judgement of them to its caller; it also has no clock for the list's own
// dates. Both are added here.
async function statusOf(credential, documentLoader, clock) {
  const lists = new Set([credential.credentialStatus].flat().map(entry => entry.statusListCredential));
  for (const url of lists) {
    let list;
    try {
      ({document: list} = await documentLoader(url));
    } catch (error) {
      return {verified: false, error};
    }
    const judged = await vc.verifyCredential({credential: list, suite: suite(), documentLoader, ...clock});
    if (!judged.verified) {
      const cause = judged.error;
      return {verified: false, error: new Error(`the status list ${url} does not verify`, {cause})};
    }
  }
  const checked = await checkStatus({
    credential,
    documentLoader,
    suite: suite(),
    verifyBitstringStatusListCredential: false
  });
  if (!checked.verified) {
    return checked;
  }
  const entries = checked.results.map(({credentialStatus, status}) => ({
    purpose: credentialStatus.statusPurpose,
    list: credentialStatus.statusListCredential,
    index: credentialStatus.statusListIndex,
    set: status
  }));
  const set = entries.filter(entry => entry.set).map(entry => entry.purpose);
  return set.length === 0 ?
    {verified: true, entries} :
    {verified: false, entries, error: new Error(`the status list says: ${set.join(', ')}`)};
}
