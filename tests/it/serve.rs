//! HTTP, through the whole router in memory, over five hand-made villages in a real PostGIS.

mod access;
mod accounts;
mod downloads;
mod features;
mod manners;
mod pages;
mod pictures;
mod quality;
mod styles;
mod tiles;
mod villages;
