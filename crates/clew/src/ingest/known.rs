//! What a projector has to know besides the journal: by what erased persons are recognised, and what
//! has left its site for good.

use super::Marks;
use crate::secrets::MasterKey;

#[derive(Clone, Debug)]
pub struct Known {
    pub keys: MasterKey,
    pub marks: Marks,
}
