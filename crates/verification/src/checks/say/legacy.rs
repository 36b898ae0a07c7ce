//! Of badges of Open Badges 2.0.

model::sentences! {
    pub(crate) legacy_hosted(): "This is an assertion of Open Badges 2.0.", "Dyma ddatganiad Open Badges 2.0.";
    pub(crate) legacy_signed(algorithm): "This is an assertion of Open Badges 2.0 in a JWS signed with {algorithm}.",
        "Dyma ddatganiad Open Badges 2.0 mewn JWS wedi'i lofnodi ag {algorithm}.";
    pub(crate) legacy_contexts(): "Open Badges 2.0 is read by its members; nothing is signed by way of its contexts.",
        "Darllenir Open Badges 2.0 wrth ei aelodau; ni lofnodir dim drwy ei gyd-destunau.";
    pub(crate) legacy_shape(): "It has the shape of an assertion.", "Mae ganddo ffurf datganiad.";
    pub(crate) legacy_lacks(members): "It lacks `{members}`.", "Nid oes ganddo `{members}`.";
    pub(crate) legacy_stands(url): "The very same stands at `{url}`.", "Mae'r union yr un peth yn `{url}`.";
    pub(crate) legacy_still_stands(url): "Its host still serves it at `{url}`.", "Mae ei westeiwr yn dal i'w weini yn `{url}`.";
    pub(crate) legacy_answers_gone(url): "Its host answers for `{url}`.", "Mae ei westeiwr yn ateb dros `{url}`.";
    pub(crate) legacy_gone(url): "Its host says at `{url}` that it was revoked.", "Mae ei westeiwr yn dweud yn `{url}` iddo gael ei ddirymu.";
    pub(crate) legacy_differs(url): "Something else stands at `{url}`.", "Mae rhywbeth arall yn `{url}`.";
    pub(crate) legacy_not_this(): "What stands at its address is something else.", "Rhywbeth arall sydd yn ei gyfeiriad.";
    pub(crate) legacy_same_host(url, issuer): "`{url}` stands on the host of its issuer `{issuer}`.", "Mae `{url}` ar westeiwr ei gyhoeddwr `{issuer}`.";
    pub(crate) legacy_other_host(url, issuer): "`{url}` does not stand on the host of its issuer `{issuer}`, so anybody may have written it.",
        "Nid yw `{url}` ar westeiwr ei gyhoeddwr `{issuer}`, felly gallai unrhyw un fod wedi'i ysgrifennu.";
    pub(crate) legacy_no_key(): "A hosted badge has no key: its host vouches for it.", "Nid oes allwedd gan fathodyn a westeir: ei westeiwr sy'n ei warantu.";
    pub(crate) legacy_undated_key(): "Keys of Open Badges 2.0 bear no dates.", "Nid oes dyddiadau ar allweddi Open Badges 2.0.";
    pub(crate) legacy_unreachable(url, why): "`{url}` could not be had: {why}.", "Ni ellid cael `{url}`: {why}.";
    pub(crate) legacy_unreadable(url, why): "What stands at `{url}` cannot be read: {why}.", "Ni ellir darllen yr hyn sydd yn `{url}`: {why}.";
    pub(crate) legacy_calls_itself(url, name): "What stands at `{url}` calls itself `{name}`.", "Mae'r hyn sydd yn `{url}` yn galw ei hun yn `{name}`.";
    pub(crate) legacy_unsigned(): "It says that it is signed, and no signature is there.", "Mae'n dweud ei fod wedi'i lofnodi, ac nid oes llofnod yno.";
    pub(crate) legacy_contradicts(): "It says that it is hosted, and came as a signed token.", "Mae'n dweud ei fod yn cael ei westeio, a daeth fel tocyn wedi'i lofnodi.";
}
