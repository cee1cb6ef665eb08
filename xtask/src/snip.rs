//! Takes functions out of the wasm that the linker must keep, because tables
//! of functions refer to them, but that nothing of ours ever calls.
//!
//! Leptos erases the types of views (`erase_components`), and puts every way
//! of taking a view over into a table for each of its types. One way is to wait
//! for the view, which only `leptos::mount::hydrate_lazy` does; the page calls
//! `hydrate_body`. What waits becomes a trap here, and `wasm-opt` drops what
//! only that needed.
//!
//! The compiler merges functions with equal bodies under one of their names,
//! so that a name alone does not tell that nobody calls a function. Those that
//! are named here are safe: each panics with its own place in the source, or
//! makes a future of its own type, and equals nothing that is called.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module};

/// `IntoAny::into_any::hydrate_async`, which boxes a future.
const BOXES: &str = "8into_any13hydrate_async";
/// `hydrate_async` of functions that make views.
const REACTIVE: &str = "RenderHtml$u20$for$u20$F$GT$13hydrate_async";
/// The end of a closure's name; futures of `async` are closures, too.
const CLOSURE: &str = "closure$u7d$$u7d$";
/// The hash that ends each name, such as `17h0123456789abcdefE`.
const HASH: usize = 20;

/// Empties what is never called, and says how many functions these were. The
/// names must still be those that the compiler gave.
pub(crate) fn never_called(file: &Path) -> Result<usize> {
    let mut module = Module::from_file(file).with_context(|| file.display().to_string())?;
    let found: Vec<_> = module
        .funcs
        .iter_local()
        .map(|(id, _)| id)
        .filter(|id| {
            module
                .funcs
                .get(*id)
                .name
                .as_deref()
                .is_some_and(is_never_called)
        })
        .collect();
    for function in &found {
        trap(&mut module, *function);
    }
    fs::write(file, module.emit_wasm())?;
    Ok(found.len())
}

/// Types within a name have other signs between their parts, so that what only
/// deals with such a function, as dropping it, is not taken for it.
fn is_never_called(name: &str) -> bool {
    let Some(path) = name
        .strip_prefix("_ZN")
        .and_then(|name| name.get(..name.len().checked_sub(HASH)?))
    else {
        return false;
    };
    let closure = path.ends_with(CLOSURE);
    path.ends_with(BOXES) || (closure && (path.contains(BOXES) || path.contains(REACTIVE)))
}

/// Gives a function of any signature a body of one `unreachable`.
fn trap(module: &mut Module, function: FunctionId) {
    let signature = module.types.get(module.funcs.get(function).ty());
    let (parameters, results) = (signature.params().to_vec(), signature.results().to_vec());
    let arguments = parameters
        .iter()
        .map(|kind| module.locals.add(*kind))
        .collect();
    let mut body = FunctionBuilder::new(&mut module.types, &parameters, &results);
    body.func_body().unreachable();
    module.funcs.get_mut(function).kind = FunctionKind::Local(body.local_func(arguments));
}

#[cfg(test)]
mod tests {
    use super::is_never_called;

    #[test]
    fn only_what_waits_for_views_is_taken_out() {
        let boxes =
            "_ZN70_$LT$T$u20$as$u20$tachys..view..any_view..IntoAny$GT$8into_any13hydrate_async";
        let closure = "28_$u7b$$u7b$closure$u7d$$u7d$";
        let hash = "17h0123456789abcdefE";
        assert!(is_never_called(&format!("{boxes}{hash}")));
        assert!(is_never_called(&format!("{boxes}{closure}{hash}")));
        let dropped = "_ZN4core3ptr90drop_in_place$LT$T..into_any..hydrate_async..$u7b$$u7b$closure$u7d$$u7d$$GT$";
        assert!(!is_never_called(&format!("{dropped}{hash}")));
        let other = boxes.replace("13hydrate_async", "5build");
        assert!(!is_never_called(&format!("{other}{hash}")));
    }
}
