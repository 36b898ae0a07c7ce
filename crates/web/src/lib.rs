//! The pages people see: typed contexts in, HTML out, in English and Welsh.
//! No page needs JavaScript, and nothing is loaded from another host.
//!
//! Everything a page shows is plain data given by `api`; this crate knows
//! neither the registry nor verification.

pub mod assets;
mod chrome;
mod coded;
mod frame;
mod markdown;
mod pages;
mod texts;

pub use crate::{
    chrome::{Chrome, Lang},
    pages::{
        achievement::{AchievementPage, Alignment},
        badge::{BadgePage, BadgeStatus, Downloads, EvidenceLine, ResultLine, Upkeep},
        common::{
            Accredited, AchievementLink, Answering, BadgeLink, CorrectedBadge, EndorsementLine,
            OrganisationLink,
        },
        connect::{ConnectFault, ConnectPage, Permission},
        docs::{ApiDocsPage, Endpoint, EndpointGroup, ProblemName, Response},
        failure::{FailureKind, FailurePage},
        home::{Earnable, HomePage},
        host::{HostPage, HostStep},
        interaction::{InteractionKind, InteractionPage, LearnerWallet},
        issuer::{IssuerPage, KeyLine},
        offer::{OfferFault, OfferPage},
        problem::{ProblemLink, ProblemListPage, ProblemPage},
        report::ReportPage,
        report_print::report_print,
        statement::{StatementCategory, StatementLine, StatementPeriod, StatementPrint},
        verify::{VerifyField, VerifyFormError, VerifyPage},
    },
};

/// The `Content-Security-Policy` of every page: our own style sheet and
/// pictures, no script at all, forms only to ourselves, no framing.
pub const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                       base-uri 'none'; frame-ancestors 'none'";
