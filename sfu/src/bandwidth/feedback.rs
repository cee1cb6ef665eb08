//! The encoding of transport-wide feedback: chunks, reference time, deltas
//! (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
//!
//! Bits and bytes are `rtc-rtcp`'s; which chunks to use is decided here.

use rtc_rtcp::transport_feedbacks::transport_layer_cc::{
    PacketStatusChunk, RecvDelta, RunLengthChunk, StatusChunkTypeTcc, StatusVectorChunk,
    SymbolSizeTypeTcc, SymbolTypeTcc, TYPE_TCC_DELTA_SCALE_FACTOR, TransportLayerCc,
};

/// Arrivals in one packet, so that it fits a datagram at two bytes each.
const ARRIVALS_MAX: usize = 400;

/// Ticks of 250 µs in one unit (64 ms) of the reference time.
const REFERENCE_TICKS: u64 = 256;

const ONE_BIT_SYMBOLS: usize = 14;
const TWO_BIT_SYMBOLS: usize = 7;

/// Whether and when a packet arrived, in ticks of 250 µs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Missing,
    Arrived(u64),
}

/// Encodes as many statuses as fit into one packet; `packet_status_count`
/// tells how many. Nothing when none of them arrived: a report of losses alone
/// has no reference time.
pub(super) fn encode(
    base: u64,
    statuses: impl Iterator<Item = Status> + Clone,
) -> Option<TransportLayerCc> {
    let first = statuses.clone().find_map(|status| match status {
        Status::Arrived(tick) => Some(tick),
        Status::Missing => None,
    })?;
    let reference = first / REFERENCE_TICKS;
    let (symbols, recv_deltas) = measure(reference * REFERENCE_TICKS, statuses);
    Some(TransportLayerCc {
        base_sequence_number: base as u16,
        packet_status_count: symbols.len() as u16,
        reference_time: reference as u32 & 0x00ff_ffff,
        packet_chunks: chunks(&symbols),
        recv_deltas,
        ..Default::default()
    })
}

fn measure(
    reference: u64,
    statuses: impl Iterator<Item = Status>,
) -> (Vec<SymbolTypeTcc>, Vec<RecvDelta>) {
    let (mut symbols, mut deltas) = (Vec::new(), Vec::new());
    let mut last = reference;
    for status in statuses {
        let Status::Arrived(tick) = status else {
            symbols.push(SymbolTypeTcc::PacketNotReceived);
            continue;
        };
        let step = tick as i64 - last as i64;
        if deltas.len() == ARRIVALS_MAX || i16::try_from(step).is_err() {
            break; // the next packet has a reference time of its own
        }
        last = tick;
        let symbol = match u8::try_from(step) {
            Ok(_) => SymbolTypeTcc::PacketReceivedSmallDelta,
            Err(_) => SymbolTypeTcc::PacketReceivedLargeDelta,
        };
        symbols.push(symbol);
        deltas.push(RecvDelta {
            type_tcc_packet: symbol,
            delta: step * TYPE_TCC_DELTA_SCALE_FACTOR,
        });
    }
    (symbols, deltas)
}

fn chunks(mut symbols: &[SymbolTypeTcc]) -> Vec<PacketStatusChunk> {
    let mut chunks = Vec::new();
    while let Some(&first) = symbols.first() {
        let run = symbols.iter().take_while(|s| **s == first).count();
        let small = symbols
            .iter()
            .take(ONE_BIT_SYMBOLS)
            .all(|s| *s != SymbolTypeTcc::PacketReceivedLargeDelta);
        let (chunk, used) = if run >= ONE_BIT_SYMBOLS || (run >= TWO_BIT_SYMBOLS && !small) {
            (run_length(first, run), run)
        } else if small {
            vector(SymbolSizeTypeTcc::OneBit, symbols, ONE_BIT_SYMBOLS)
        } else {
            vector(SymbolSizeTypeTcc::TwoBit, symbols, TWO_BIT_SYMBOLS)
        };
        chunks.push(chunk);
        symbols = &symbols[used..];
    }
    chunks
}

fn run_length(symbol: SymbolTypeTcc, run: usize) -> PacketStatusChunk {
    PacketStatusChunk::RunLengthChunk(RunLengthChunk {
        type_tcc: StatusChunkTypeTcc::RunLengthChunk,
        packet_status_symbol: symbol,
        // a run is at most the recorder's window, far below the 13 bits here
        run_length: run as u16,
    })
}

fn vector(
    symbol_size: SymbolSizeTypeTcc,
    symbols: &[SymbolTypeTcc],
    most: usize,
) -> (PacketStatusChunk, usize) {
    let used = symbols.len().min(most);
    let mut symbol_list = symbols[..used].to_vec();
    symbol_list.resize(most, SymbolTypeTcc::PacketNotReceived);
    let chunk = PacketStatusChunk::StatusVectorChunk(StatusVectorChunk {
        type_tcc: StatusChunkTypeTcc::StatusVectorChunk,
        symbol_size,
        symbol_list,
    });
    (chunk, used)
}
