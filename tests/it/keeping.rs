//! Keeping and forgetting: a survey deleted, a respondent erased or gone by
//! themselves, rules that fall due, and nothing of it left in any page of any file.

mod anonymous;
mod apart;
mod deleted;
mod erased;
mod events;
mod full;
mod given;
mod rules;
mod stage;
mod withdrawn;
