//! The engine's allocator: a free list of a few hundred bytes. The standard one costs 2 KB brotli more of the
//! widget's 34, for a speed that a launcher has no use for. Freed neighbours are joined, so memory does not grow
//! with the number of visits.

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());
