//! What the library's errors mean for us.

use cryptoki::error::{Error, RvError};
use signing::TokenFault;

/// A step that failed.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Whether a new connection may mend it.
    pub(crate) is_lost: bool,
    pub(crate) fault: TokenFault,
}

impl From<TokenFault> for Failure {
    fn from(fault: TokenFault) -> Self {
        Self { is_lost: false, fault }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        use RvError as Rv;
        let said = error.to_string();
        let lost = |said| Self { is_lost: true, fault: TokenFault::Away(said) };
        match error {
            Error::LibraryLoading(_) | Error::MissingSymbol(_) => TokenFault::Module(said).into(),
            Error::NullFunctionPointer | Error::NotSupported => {
                TokenFault::Unable(format!("do that: {said}")).into()
            }
            Error::Pkcs11(value, _) => match value {
                Rv::PinIncorrect | Rv::PinInvalid | Rv::PinLenRange | Rv::PinExpired | Rv::PinLocked => {
                    TokenFault::Pin(said).into()
                }
                Rv::MechanismInvalid
                | Rv::MechanismParamInvalid
                | Rv::CurveNotSupported
                | Rv::DomainParamsInvalid
                | Rv::FunctionNotSupported
                | Rv::KeyFunctionNotPermitted => TokenFault::Unable(format!("do that: {said}")).into(),
                Rv::SessionCount | Rv::HostMemory | Rv::DeviceMemory => TokenFault::Away(said).into(),
                // What a token or its host says after a restart: the session, the
                // sign-in and every handle are gone. A failure that says nothing
                // more is taken for one, and tried once more.
                Rv::CryptokiNotInitialized
                | Rv::DeviceError
                | Rv::DeviceRemoved
                | Rv::FunctionFailed
                | Rv::GeneralError
                | Rv::KeyHandleInvalid
                | Rv::ObjectHandleInvalid
                | Rv::SessionClosed
                | Rv::SessionHandleInvalid
                | Rv::SlotIdInvalid
                | Rv::TokenNotPresent
                | Rv::TokenNotRecognized
                | Rv::UserNotLoggedIn => lost(said),
                _ => TokenFault::Wrong(said).into(),
            },
            _ => TokenFault::Wrong(said).into(),
        }
    }
}
