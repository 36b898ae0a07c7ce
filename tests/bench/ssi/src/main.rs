//! How many badges a second `ssi` issues and verifies by eddsa-rdfc-2022: a
//! JSON request a line in, an answer a line out, like the other peers.

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead as _, Write as _};
use std::time::Instant;

use iref::IriBuf;
use serde::Deserialize;
use serde_json::{Value, json};
use ssi_claims_core::{SignatureEnvironment, VerificationParameters};
use ssi_data_integrity_core::{
    CryptographicSuite as _, DataIntegrity, DataIntegrityDocument, ProofOptions, from_json_str,
};
use ssi_data_integrity_suites::EdDsaRdfc2022;
use ssi_json_ld::ContextLoader;
use ssi_jwk::JWK;
use ssi_verification_methods::{Multikey, ReferenceOrOwned, SingleSecretSigner};

type Failure = Box<dyn Error>;
type Signed = DataIntegrity<DataIntegrityDocument, EdDsaRdfc2022>;

#[derive(Deserialize)]
struct Request {
    /// An unsigned badge.
    credential: Value,
    /// By their addresses; `ssi` brings none of Open Badges.
    contexts: HashMap<String, Value>,
    /// How long each rate is measured.
    seconds: f64,
}

fn main() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for line in std::io::stdin().lock().lines() {
        let answer = match runtime.block_on(rates(&line?)) {
            Ok(rates) => json!({ "ok": rates }),
            Err(failure) => json!({ "error": failure.to_string() }),
        };
        println!("{answer}");
        std::io::stdout().flush()?;
    }
    Ok(())
}

async fn rates(request: &str) -> Result<Value, Failure> {
    let Request { mut credential, contexts, seconds } = serde_json::from_str(request)?;
    let peer = Peer::new(contexts)?;
    credential["issuer"]["id"] = json!(peer.did);
    let unsigned: DataIntegrityDocument = serde_json::from_value(credential)?;
    // From text, as ours.
    let text = serde_json::to_string(&peer.issue(unsigned.clone()).await?)?;
    peer.verify(&text).await?;
    let changed = text.replacen("\"validFrom\":\"2", "\"validFrom\":\"1", 1);
    if changed == text || peer.verify(&changed).await.is_ok() {
        return Err("it verifies what it did not sign".into());
    }
    Ok(json!({
        "ssi_issue_per_s": per_second(seconds, async || peer.issue(unsigned.clone()).await.map(drop)).await?,
        "ssi_verify_per_s": per_second(seconds, async || peer.verify(&text).await).await?,
    }))
}

async fn per_second(seconds: f64, work: impl AsyncFn() -> Result<(), Failure>) -> Result<f64, Failure> {
    for _ in 0..5 {
        work().await?;
    }
    let (mut count, begun) = (0.0, Instant::now());
    while begun.elapsed().as_secs_f64() < seconds {
        work().await?;
        count += 1.0;
    }
    Ok(count / begun.elapsed().as_secs_f64())
}

/// An issuer with a did:key, and who verifies its badges.
struct Peer {
    did: String,
    method: IriBuf,
    key: JWK,
    /// What it signs with beside its key: the contexts.
    environment: SignatureEnvironment,
    /// What it verifies with: its public key and the contexts.
    parameters: VerificationParameters<HashMap<IriBuf, Multikey>>,
}

impl Peer {
    fn new(contexts: HashMap<String, Value>) -> Result<Self, Failure> {
        let key = JWK::generate_ed25519()?;
        let public = key.to_multicodec()?;
        let multibase = multibase::encode(multibase::Base::Base58Btc, public.as_bytes());
        let did = format!("did:key:{multibase}");
        let method = IriBuf::new(format!("{did}#{multibase}"))?;
        let multikey =
            Multikey { id: method.clone(), controller: did.parse()?, public_key: multibase.parse()? };
        let contexts = contexts.into_iter().map(|(url, context)| (url, context.to_string())).collect();
        let loader = ContextLoader::empty().with_context_map_from(contexts)?;
        let environment = SignatureEnvironment { json_ld_loader: loader.clone(), eip712_loader: () };
        let parameters = VerificationParameters::from_resolver(HashMap::from([(method.clone(), multikey)]))
            .with_json_ld_loader(loader);
        Ok(Self { did, method, key, environment, parameters })
    }

    async fn issue(&self, credential: DataIntegrityDocument) -> Result<Signed, Failure> {
        let method = ReferenceOrOwned::Reference(self.method.clone());
        let signer = SingleSecretSigner::new(self.key.clone());
        let options = ProofOptions::from_method(method);
        let resolver = &self.parameters.resolver;
        let signed = EdDsaRdfc2022.sign_with(&self.environment, credential, resolver, signer, options, ());
        Ok(signed.await?)
    }

    async fn verify(&self, text: &str) -> Result<(), Failure> {
        let signed: Signed = from_json_str(text)?;
        Ok(signed.verify(&self.parameters).await??)
    }
}
