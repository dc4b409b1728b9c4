//! What whoever acts for governance needs to know.

use super::View;
use crate::{Call, ClientError};
use ergon_primitives::AccountId;

impl View {
    /// The account that may do anything: on development chains only.
    pub async fn sudo_key(&self) -> Result<Option<AccountId>, ClientError> {
        if self.runtime.metadata.pallet_by_name("Sudo").is_none() {
            return Ok(None);
        }
        self.value("Sudo", "Key", &[]).await
    }

    /// A call as the runtime reads it, for a referendum or a multisig: index of the pallet, index of
    /// the call, arguments.
    pub fn call_data(&self, call: &Call) -> Result<Vec<u8>, ClientError> {
        call.encode_for(&self.runtime.metadata)
    }
}
