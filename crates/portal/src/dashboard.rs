//! What the dashboard shows: the devices and the services of a customer. Invented.

use serde::Serialize;

/// A device that Northwind looks after.
#[derive(Serialize)]
pub(crate) struct Device {
    pub name: &'static str,
    pub kind: &'static str,
    pub healthy: bool,
    pub note: &'static str,
}

/// A service and how it is doing.
pub(crate) struct Service {
    pub name: &'static str,
    pub healthy: bool,
    pub note: &'static str,
}

/// The devices of every customer of the demo.
pub(crate) const DEVICES: &[Device] = &[
    Device { name: "FRONT-DESK-01", kind: "Desktop", healthy: true, note: "Up to date" },
    Device { name: "LAPTOP-AO", kind: "Laptop", healthy: true, note: "Up to date" },
    Device { name: "NAS-BACKUP", kind: "Storage", healthy: false, note: "Disk 2 is at 91 %" },
    Device { name: "PRINTER-2F", kind: "Printer", healthy: true, note: "Toner 64 %" },
];

/// The services of every customer of the demo.
pub(crate) const SERVICES: &[Service] = &[
    Service { name: "Mail and calendar", healthy: true, note: "Running" },
    Service { name: "Backup", healthy: false, note: "Slower than usual" },
    Service { name: "Remote access", healthy: true, note: "Running" },
];
