//! `thread contact …`: what is stored of a customer, to hand over or to take away.

use super::{CliError, Context, no_app};
use crate::attachments::{AttachmentTarget, Attachments};
use crate::crypto::write_private;
use crate::store::{ContactExport, ExportedFile, Store};
use clap::{Args, Subcommand};
use protocol::wire::AttachmentLimits;
use protocol::{AppId, Email};
use serde_json::json;
use std::io;
use std::path::{Path, PathBuf};

#[derive(Subcommand, Debug)]
pub(super) enum ContactCommand {
    /// Show all that is stored of a contact: service requests, messages, attachments
    Export {
        #[command(flatten)]
        contact: Contact,
        /// Write contact.json and the attachments into this folder, which must not be there yet
        #[arg(long, value_name = "DIR")]
        output: Option<PathBuf>,
    },
    /// Delete all that is stored of a contact, attachments included, for good
    ///
    /// A session that is still open runs on until it lapses; what is written with it begins anew. Backups and receivers
    /// of webhooks are yours to clear.
    Delete {
        #[command(flatten)]
        contact: Contact,
    },
}

#[derive(Args, Debug)]
pub(super) struct Contact {
    /// Identifier of the app
    app_id: String,
    /// The contact's email, like ann@shop.example
    #[arg(value_parser = parse_email)]
    email: String,
    /// Where attachments are, as for `thread serve`
    #[arg(long, env = "THREAD_ATTACHMENTS", value_name = "TARGET", value_parser = AttachmentTarget::parse)]
    attachments: Option<AttachmentTarget>,
}

pub(super) async fn run(context: &Context, command: ContactCommand) -> Result<(), CliError> {
    let store = context.store().await?;
    match command {
        ContactCommand::Export { contact, output } => {
            export(context, &store, contact, output.as_deref()).await
        }
        ContactCommand::Delete { contact } => delete(context, &store, contact).await,
    }
}

async fn export(
    context: &Context,
    store: &Store,
    contact: Contact,
    output: Option<&Path>,
) -> Result<(), CliError> {
    let app_id = AppId(contact.app_id.clone());
    store.find_app(&app_id).await?.ok_or_else(|| no_app(&app_id))?;
    let export = store
        .export_contact(&app_id, &contact.email)
        .await?
        .ok_or_else(|| nothing_of(&app_id, &contact.email))?;
    let document = document(&app_id, &contact.email, &export);
    let Some(folder) = output else { return context.output.print(&document, &pretty(&document)) };
    let cannot_write = |error| CliError::Io(format!("cannot write to {}", folder.display()), error);
    private_folder(folder).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            CliError::Usage(format!("{} is there already: name a new folder", folder.display()))
        }
        _ => cannot_write(error),
    })?;
    write_private(&folder.join("contact.json"), pretty(&document).as_bytes()).map_err(cannot_write)?;
    let mut files = 0;
    if let Some(objects) = open_attachments(&contact, store)? {
        for file in &export.files {
            let bytes = objects.get(&file.object).await?;
            write_private(&folder.join(file_name(file)), &bytes).map_err(cannot_write)?;
            files += 1;
        }
    }
    let requests = export.service_requests.len();
    context.output.print(
        &json!({"folder": folder, "serviceRequests": requests, "files": files}),
        &format!("Wrote to {}: service requests {requests}, files {files}.", folder.display()),
    )
}

async fn delete(context: &Context, store: &Store, contact: Contact) -> Result<(), CliError> {
    let app_id = AppId(contact.app_id.clone());
    store.find_app(&app_id).await?.ok_or_else(|| no_app(&app_id))?;
    // First, so that nothing is deleted by halves.
    let objects = open_attachments(&contact, store)?;
    let deleted = store
        .delete_contact(&app_id, &contact.email)
        .await?
        .ok_or_else(|| nothing_of(&app_id, &contact.email))?;
    if let Some(objects) = &objects {
        // Whatever fails here has no row any more: the service sweeps it within a day.
        for object in &deleted.objects {
            objects.delete(object).await?;
        }
    }
    let (requests, files) = (deleted.service_requests, deleted.objects.len());
    context.output.print(
        &json!({"appId": app_id, "deleted": true, "serviceRequests": requests, "files": files}),
        &format!("Deleted: service requests {requests}, files {files}."),
    )
}

fn open_attachments(contact: &Contact, store: &Store) -> Result<Option<Attachments>, CliError> {
    let beside_the_database = || store.attachments_folder().map(AttachmentTarget::Folder);
    let target = contact.attachments.clone().or_else(beside_the_database).unwrap_or(AttachmentTarget::Off);
    Ok(Attachments::open(&target, AttachmentLimits { max_bytes: 0, content_types: Vec::new() })?)
}

fn document(app_id: &AppId, email: &str, export: &ContactExport) -> serde_json::Value {
    json!({
        "appId": app_id,
        "email": email,
        "serviceRequests": export.service_requests,
        "uploads": export.uploads,
        "files": export.files.iter().map(|file| json!({"attachmentId": file.id, "file": file_name(file)})).collect::<Vec<_>>(),
    })
}

/// Safe in a folder: names of files were cleaned when they came, and identifiers are ours.
fn file_name(file: &ExportedFile) -> String {
    format!("{}-{}", file.id, file.name)
}

fn pretty(document: &serde_json::Value) -> String {
    serde_json::to_string_pretty(document).unwrap_or_default()
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn nothing_of(app_id: &AppId, email: &str) -> CliError {
    CliError::NotFound(format!("nothing is stored of {email} in {app_id}"))
}

fn parse_email(text: &str) -> Result<String, String> {
    Email::parse(text).map(|email| email.identity()).map_err(|error| error.found().to_string())
}
