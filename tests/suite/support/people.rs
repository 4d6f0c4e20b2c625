//! The people that most tests begin with.

use super::office::{BRAND, Office};
use model::ConversationId;

/// A customer on Matrix.
pub struct Ada {
    pub user: String,
    pub room: String,
    pub conversation: ConversationId,
}

/// A customer of a Page.
pub struct Ben {
    pub customer: String,
    pub page: String,
    /// The Page's, as it was pasted.
    pub token: String,
    pub conversation: ConversationId,
}

impl Office {
    /// Ada Becker writes to the brand on Matrix, whose account is connected.
    pub async fn ada_writes(&self, text: &str) -> Ada {
        let matrix = self.matrix();
        let user = matrix.create_user("ada", "pw", "Ada Becker");
        let room = matrix.direct_room(BRAND, &user);
        matrix.write(&room, &user, text);
        self.settle().await;
        let conversation = self.conversation("Ada Becker").await;
        Ada { user, room, conversation }
    }

    /// Ben Okafor writes to a Page, and the Page is connected by its token.
    pub async fn ben_writes(&self, text: &str) -> Ben {
        let messenger = self.messenger();
        let (app, secret) = messenger.create_app("Shop inbox", &[]);
        let owner = messenger.create_user("Owner");
        let page = messenger.create_page(&owner, "Shop", "Retail");
        let customer = messenger.create_customer(&page, "Ben", "Okafor");
        messenger.write(&customer, text);
        let token = messenger.page_token(&app, &owner, &page);
        self.connect_page(&token, &secret).await;
        self.pass(60).await;
        let conversation = self.conversation("Ben Okafor").await;
        Ben { customer, page, token, conversation }
    }
}
