//! Tests through the public surface, on profiles in folders of their own.

mod accounts;
mod damage;
mod disk;
mod drafts;
mod erasure;
mod feed;
mod first_open;
mod fixture;
mod full;
mod half_merged;
mod inbox;
mod media;
mod messages;
mod migration;
mod opening;
mod outbox;
mod permutations;
mod search;
mod stretches;
mod sync;
mod vault;
