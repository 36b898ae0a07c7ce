DROP TABLE wallet_nonces;
DROP TABLE wallet_issues;
DROP TABLE wallet_offers;
