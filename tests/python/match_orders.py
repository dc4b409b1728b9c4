"""Shows that a Python program can trade: orders are built, signed and matched with substrate-interface alone.

    python match_orders.py ws://127.0.0.1:9944 APP POOL

Charlie offers the app and Bob the pool (sr25519), a new account with an ed25519 key asks. All three sign the text that
wallets sign. Prints one JSON document; exits 0 when the deal was made, 1 otherwise.
"""

import hashlib
import json
import sys

from substrateinterface import Keypair, KeypairType, SubstrateInterface

ERG = 10**12
SALT = "0x" + "11" * 32
SCHEMES = {KeypairType.SR25519: "Sr25519", KeypairType.ED25519: "Ed25519", KeypairType.ECDSA: "Ecdsa"}


def order_id(chain, order):
    """The id binds the chain, the kind of order and its content."""
    content = chain.encode_scale("ergon_primitives::orders::Order", order)
    genesis = bytes.fromhex(chain.get_block_hash(0)[2:])
    digest = hashlib.blake2b(b"ergon/order" + genesis + bytes(content.data), digest_size=32)
    return "0x" + digest.hexdigest()


def sign(chain, kind, order, key):
    """The order with its owner's signature, as the call takes it."""
    text = f"<Bytes>ergon order {order_id(chain, {kind: order})}</Bytes>"
    return {"order": order, "signature": {SCHEMES[key.crypto_type]: "0x" + key.sign(text.encode()).hex()}}


def send(chain, module, function, arguments, key):
    """Signs and sends; gives the events of the call once it is in a block."""
    call = chain.compose_call(module, function, arguments)
    receipt = chain.submit_extrinsic(chain.create_signed_extrinsic(call, key), wait_for_inclusion=True)
    if not receipt.is_success:
        raise RuntimeError(f"{module}.{function}: {receipt.error_message}")
    return [event.value["event"] for event in receipt.triggered_events]


def orders(chain, app, pool, requester):
    """Three orders that fit, signed by those whose they are."""
    valid_until = chain.get_block_number(None) + 1000
    offer = {
        "price": ERG // 1000,
        "volume": 10,
        "tag": 0,
        "restrict_dataset": "Anyone",
        "restrict_requester": "Anyone",
        "valid_until": valid_until,
        "salt": SALT,
    }
    app_order = {**offer, "app": app, "restrict_pool": "Anyone"}
    pool_order = {
        **offer,
        "pool": pool,
        "category": 0,
        "trust": 4,
        "verifications": [["Replication"]],
        "execution_versions": [[1]],
        "attributes": "0x",
        "requirements": "0x",
        "restrict_app": "Anyone",
    }
    account = "0x" + requester.public_key.hex()
    request = {
        "app": app,
        "max_app_price": ERG,
        "dataset": None,
        "max_dataset_price": 0,
        "pool": None,
        "max_pool_price": ERG,
        "requester": account,
        "payer": account,
        "matcher": None,
        "volume": 2,
        "min_volume": 1,
        "tag": 0,
        "category": 0,
        "trust": 3,
        "verification": "Replication",
        "execution_version": 1,
        "max_duration": 100_000,
        "beneficiary": account,
        "callback": None,
        "params": "0x",
        "approved_only": False,
        "requirements": "0x",
        "valid_until": valid_until,
        "salt": SALT,
    }
    return {
        "app": sign(chain, "App", app_order, Keypair.create_from_uri("//Charlie")),
        "dataset": None,
        "pool": sign(chain, "Pool", pool_order, Keypair.create_from_uri("//Bob")),
        "request": sign(chain, "Request", request, requester),
    }


def main(url, app, pool):
    chain = SubstrateInterface(url=url)
    alice = Keypair.create_from_uri("//Alice")
    requester = Keypair.create_from_seed("0x" + "07" * 32, crypto_type=KeypairType.ED25519)
    gift = {"dest": "0x" + requester.public_key.hex(), "value": 100 * ERG}
    send(chain, "Balances", "transfer_keep_alive", gift, alice)
    events = send(chain, "Market", "match_orders", orders(chain, app, pool, requester), alice)
    deals = [event["attributes"] for event in events if event["event_id"] == "Matched"]
    if not deals:
        raise RuntimeError("no deal was made")
    print(json.dumps({"deal": deals[0]["deal"], "volume": deals[0]["volume"], "scheme": "ed25519"}))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception as error:  # whatever goes wrong, say it in one line
        sys.exit(f"matching with substrate-interface failed: {error}")
