//! Which device is meant.

use client::model::{Device, Model};
use protocol::{BridgeDevice, Source};

use super::ask::DeviceWish;

/// The devices of a kind.
pub(super) fn list(model: &Model, source: Source) -> &[Device] {
    match source {
        Source::Camera => &model.devices.cameras,
        _ => &model.devices.microphones,
    }
}

/// The one that is meant: by its id in this frame, by its label, by its group.
pub(super) fn find(devices: &[Device], wish: &DeviceWish) -> Option<String> {
    type Part = fn(&Device) -> &String;
    let by = |wanted: &Option<String>, part: Part| {
        let wanted = wanted.as_ref()?;
        devices.iter().find(|device| part(device) == wanted)
    };
    let found = by(&wish.id, |device| &device.id)
        .or_else(|| by(&wish.label, |device| &device.label))
        .or_else(|| by(&wish.group, |device| &device.group));
    found.map(|device| device.id.clone())
}

/// The devices as an embedding page is told.
pub(super) fn told(devices: &[Device]) -> Vec<BridgeDevice> {
    let devices = devices.iter().map(|device| BridgeDevice {
        device_id: device.id.clone(),
        label: device.label.clone(),
        group_id: device.group.clone(),
    });
    devices.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(name: &str) -> Device {
        Device {
            id: format!("id of {name}"),
            label: name.to_owned(),
            group: format!("group of {name}"),
        }
    }

    #[test]
    fn each_kind_has_its_own_list() {
        let mut model = Model::default();
        model.devices.cameras = vec![device("front")];
        assert_eq!(told(list(&model, Source::Camera))[0].label, "front");
        assert!(told(list(&model, Source::Microphone)).is_empty());
    }

    #[test]
    fn ids_of_another_origin_mean_nothing_and_labels_do() {
        let devices = [device("front"), device("back")];
        let wish = |id: &str, label: &str, group: &str| {
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            find(
                &devices,
                &DeviceWish {
                    id: some(id),
                    label: some(label),
                    group: some(group),
                },
            )
        };
        let back = Some("id of back".to_owned());
        assert_eq!(wish("id of back", "front", ""), back);
        assert_eq!(wish("an id of the host", "back", ""), back);
        assert_eq!(wish("", "", "group of back"), back);
        assert_eq!(wish("unknown", "unknown", "unknown"), None);
    }
}
