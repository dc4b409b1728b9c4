// Shows that voters need no tool of ours: a hub is suspended by referendum with polkadot.js and no custom types.
//
//   node governance.mjs ws://127.0.0.1:9944 HUB [DOCUMENT]
//
// HUB is the account of a hub, DOCUMENT the hash of the document that accuses it. Alice stores the preimage,
// submits the referendum on the tribunal track and places the decision deposit; well-known accounts with more
// than half of all money vote aye with conviction. On `dev` and `local` that takes about half a minute.
// Prints one JSON document when the hub is suspected; exits 0 then, 1 otherwise.
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { blake2AsHex } from '@polkadot/util-crypto';

const [url, hub, document = blake2AsHex('the case')] = process.argv.slice(2);
const ERG = 10n ** 12n;
const STAKE = 999_000n * ERG;
const VOTERS = ['//Dave', ...['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'].map((name) => `//${name}//stash`)];
const PATIENCE = 10 * 60 * 1000;

const keyring = new Keyring({ type: 'sr25519' });

// Signs and sends; resolves with the events once the call is in a block.
function send(api, call, uri) {
  return new Promise((resolve, reject) => {
    call
      .signAndSend(keyring.addFromUri(uri), ({ status, events, dispatchError }) => {
        if (dispatchError?.isModule) {
          const { section, name, docs } = api.registry.findMetaError(dispatchError.asModule);
          reject(new Error(`${section}.${name}: ${docs.join(' ')}`));
        } else if (dispatchError) {
          reject(new Error(dispatchError.toString()));
        } else if (status.isInBlock || status.isFinalized) {
          resolve(events.map(({ event }) => event));
        }
      })
      .catch(reject);
  });
}

// Looks twice a second until there is something to see.
async function waitFor(api, what, look) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${PATIENCE / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

// Preimage, referendum and decision deposit; the referendum's number.
async function propose(api, call) {
  const content = call.method.toHex();
  const preimage = { Lookup: { hash: call.method.hash, len: call.method.encodedLength } };
  await send(api, api.tx.preimage.notePreimage(content), '//Alice');
  const submit = api.tx.referenda.submit({ Origins: 'Tribunal' }, preimage, { After: 1 });
  const events = await send(api, submit, '//Alice');
  const submitted = events.find((event) => api.events.referenda.Submitted.is(event));
  if (!submitted) throw new Error('no referendum was submitted');
  const { index } = submitted.data;
  await send(api, api.tx.referenda.placeDecisionDeposit(index), '//Alice');
  return index;
}

function vote(api, index, uri) {
  const aye = { Standard: { vote: { aye: true, conviction: 'Locked1x' }, balance: STAKE } };
  return send(api, api.tx.convictionVoting.vote(index, aye), uri);
}

// The tally while it is open; how it ended, and in which block.
async function decision(api, index) {
  const info = (await api.query.referenda.referendumInfoFor(index)).unwrap();
  if (info.isOngoing) return undefined;
  if (!info.isApproved) throw new Error(`the referendum ended as ${info.type}`);
  const [block] = info.asApproved;
  return { status: info.type, block: block.toNumber() };
}

// The hub's phase and case, once it is suspected.
async function verdict(api) {
  const found = (await api.query.hubWallet.hubs(hub)).unwrapOr(undefined);
  if (!found) throw new Error(`${hub} has no hub`);
  if (!found.phase.isSuspected) return undefined;
  const opened = (await api.query.hubWallet.cases(hub)).unwrap();
  return { phase: found.phase.toHuman(), case: opened.toHuman() };
}

async function main() {
  const api = await ApiPromise.create({ provider: new WsProvider(url, 1000), noInitWarn: true });
  try {
    const begun = Date.now();
    const index = await propose(api, api.tx.hubWallet.suspect(hub, document));
    await Promise.all(VOTERS.map((uri) => vote(api, index, uri)));
    const open = (await api.query.referenda.referendumInfoFor(index)).unwrap();
    const tally = open.isOngoing ? open.asOngoing.tally.toHuman() : undefined;
    const approved = await waitFor(api, 'the decision', () => decision(api, index));
    const enacted = await waitFor(api, 'the enactment', () => verdict(api));
    const seconds = Math.round((Date.now() - begun) / 1000);
    console.log(JSON.stringify({ referendum: index.toNumber(), tally, approved, ...enacted, seconds }));
  } finally {
    await api.disconnect();
  }
}

main().catch((error) => {
  console.error(`governing with polkadot.js failed: ${error.message}`);
  process.exitCode = 1;
});
