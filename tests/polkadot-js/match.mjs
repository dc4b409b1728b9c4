// Shows that a browser wallet can trade: orders are built, signed and matched with polkadot.js alone.
//
//   node match.mjs ws://127.0.0.1:9944 APP POOL
//
// Charlie offers the app and Bob the pool (sr25519), a new account with an ecdsa key asks. All three sign as wallets
// do: signRaw over bytes, which the wallet wraps in <Bytes>. A stranger carries the orders to the chain.
// Prints one JSON document; exits 0 when the deal was made, 1 otherwise.
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { stringToU8a, u8aConcat, u8aToHex, u8aWrapBytes } from '@polkadot/util';
import { blake2AsHex } from '@polkadot/util-crypto';

const [url, app, pool] = process.argv.slice(2);
const ERG = 10n ** 12n;
const SALT = `0x${'00'.repeat(32)}`;

// What a wallet does when a page asks it to sign bytes.
function signRaw(pair, { data }) {
  return u8aToHex(pair.sign(u8aWrapBytes(data)));
}

function orderId(api, order) {
  const content = api.createType('ErgonPrimitivesOrdersOrder', order).toU8a();
  return blake2AsHex(u8aConcat(stringToU8a('ergon/order'), api.genesisHash.toU8a(), content));
}

// The order with its owner's signature, as the call takes it.
function sign(api, kind, order, pair) {
  const id = orderId(api, { [kind]: order });
  const signature = signRaw(pair, { data: stringToU8a(`ergon order ${id}`) });
  const scheme = { sr25519: 'Sr25519', ed25519: 'Ed25519', ecdsa: 'Ecdsa' }[pair.type];
  return { order, signature: { [scheme]: signature } };
}

// Signs and sends; resolves with the decoded events once the call is in a block.
function send(api, call, signer) {
  return new Promise((resolve, reject) => {
    call
      .signAndSend(signer, ({ status, events, dispatchError }) => {
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

async function orders(api, requester) {
  const sr25519 = new Keyring({ type: 'sr25519' });
  const validUntil = (await api.rpc.chain.getHeader()).number.toNumber() + 1000;
  const offer = {
    price: ERG / 1000n,
    volume: 10,
    tag: 0,
    restrictDataset: 'Anyone',
    restrictRequester: 'Anyone',
    validUntil,
    salt: SALT,
  };
  const appOrder = { ...offer, app, restrictPool: 'Anyone' };
  const poolOrder = {
    ...offer,
    pool,
    category: 0,
    trust: 4,
    verifications: ['Replication'],
    executionVersions: [1],
    attributes: '0x',
    requirements: '0x',
    restrictApp: 'Anyone',
  };
  const request = {
    app,
    maxAppPrice: ERG,
    dataset: null,
    maxDatasetPrice: 0,
    pool: null,
    maxPoolPrice: ERG,
    requester: requester.address,
    payer: requester.address,
    matcher: null,
    volume: 2,
    minVolume: 1,
    tag: 0,
    category: 0,
    trust: 3,
    verification: 'Replication',
    executionVersion: 1,
    maxDuration: 100_000,
    beneficiary: requester.address,
    callback: null,
    params: '0x',
    approvedOnly: false,
    requirements: '0x',
    validUntil,
    salt: SALT,
  };
  return [
    sign(api, 'App', appOrder, sr25519.addFromUri('//Charlie')),
    sign(api, 'Pool', poolOrder, sr25519.addFromUri('//Bob')),
    sign(api, 'Request', request, requester),
  ];
}

async function main() {
  const api = await ApiPromise.create({ provider: new WsProvider(url, 1000), noInitWarn: true });
  try {
    const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
    const requester = new Keyring({ type: 'ecdsa' }).addFromUri('//Requester');
    await send(api, api.tx.balances.transferKeepAlive(requester.address, 100n * ERG), alice);
    const [appOrder, poolOrder, request] = await orders(api, requester);
    const call = api.tx.market.matchOrders(appOrder, null, poolOrder, request);
    const events = await send(api, call, alice);
    const matched = events.find((event) => api.events.market.Matched.is(event));
    if (!matched) throw new Error('no deal was made');
    const { deal, volume } = matched.data;
    console.log(JSON.stringify({ deal: deal.toHex(), volume: volume.toNumber(), scheme: requester.type }));
  } finally {
    await api.disconnect();
  }
}

main().catch((error) => {
  console.error(`matching with polkadot.js failed: ${error.message}`);
  process.exitCode = 1;
});
