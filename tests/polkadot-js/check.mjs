// Shows that a client that knows nothing of Ergon can talk to it: polkadot.js with no custom types.
//
//   node check.mjs ws://127.0.0.1:9944
//
// Reads every deal on the chain (or says that there is none), sends one call of ours and decodes its events.
// Prints one JSON document; exits 0 when everything could be decoded, 1 otherwise.
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';

const url = process.argv[2] ?? 'ws://127.0.0.1:9944';

function isErgon(api) {
  return ['registry', 'market', 'workerStaking', 'poco'].every((pallet) => api.query[pallet]);
}

async function readDeals(api) {
  const deals = await api.query.market.deals.entries();
  return deals.map(([key, deal]) => ({ id: key.args[0].toHex(), ...deal.unwrap().toHuman() }));
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
          resolve(events.map(({ event }) => ({
            name: `${event.section}.${event.method}`,
            data: event.data.toHuman(),
          })));
        }
      })
      .catch(reject);
  });
}

async function main() {
  const api = await ApiPromise.create({ provider: new WsProvider(url, 1000), noInitWarn: true });
  try {
    if (!isErgon(api)) throw new Error(`${url} is not an Ergon chain`);
    const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
    const bob = new Keyring({ type: 'sr25519' }).addFromUri('//Bob');
    const deals = await readDeals(api);
    const salt = `0x${Date.now().toString(16).padStart(64, '0')}`;
    const events = await send(api, api.tx.registry.createList(salt, [bob.address]), alice);
    const created = events.find(({ name }) => name.startsWith('registry.'));
    if (!created) throw new Error(`no event of the registry among ${events.map((e) => e.name)}`);
    console.log(JSON.stringify({ chain: (await api.rpc.system.chain()).toString(), deals, events }, null, 2));
  } finally {
    await api.disconnect();
  }
}

main().catch((error) => {
  console.error(`polkadot.js check failed: ${error.message}`);
  process.exitCode = 1;
});
