namespace SmimeGateway.Reporting;

/// <summary>
/// What a report tells. RFC 3464 lets one report mix actions, but what happened and what to do differ from kind to kind, and people read
/// the first sentences only: each kind gets a report of its own.
/// </summary>
internal enum ReportKind
{
    /// <summary>Refused for good.</summary>
    Refused,

    /// <summary>Given up when the time was over.</summary>
    Expired,

    /// <summary>Not delivered yet, and still tried.</summary>
    Delayed,

    /// <summary>In a folder, which ends its way.</summary>
    Delivered,

    /// <summary>Taken by a next hop that will not report the delivery.</summary>
    Relayed,

    /// <summary>Not sent, as it had to be encrypted and there was no certificate.</summary>
    NotEncrypted,

    /// <summary>Not sent yet, as it has to be encrypted and there is no certificate.</summary>
    AwaitingCertificate,
}
