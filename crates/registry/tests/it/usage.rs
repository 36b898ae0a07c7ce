use registry::{NewClient, Usage};
use testkit::{backends, noon};

const CLIENTS: usize = 20;
const ROUNDS: u64 = 100;

backends! {
    fn what_is_written_at_once_in_whatever_order_adds_up(db: TestDb) {
        let today = noon().date_naive();
        let mut counted = Vec::new();
        for n in 0..CLIENTS {
            let id = format!("client-{n:02}");
            let client = NewClient {
                id: id.clone(),
                name: id.clone(),
                provider: None,
                role: "auditor".to_owned(),
                scopes: Vec::new(),
                jwks: None,
                secret_hash: None,
            };
            db.create_client(&client, noon()).unwrap();
            counted.push((id, today, Usage { requests: 1, valid: 2, ..Usage::default() }));
        }
        let reversed: Vec<_> = counted.iter().rev().cloned().collect();
        std::thread::scope(|scope| {
            for order in [&counted, &reversed] {
                let db = &db;
                scope.spawn(move || (0..ROUNDS).for_each(|_| db.add_usage(order).unwrap()));
            }
        });
        let all = Usage { requests: 2 * ROUNDS, valid: 4 * ROUNDS, ..Usage::default() };
        for (client, ..) in &counted {
            assert_eq!(db.usage(client, today, today).unwrap(), [(today, all)], "{client}");
        }
    }
}
