namespace SmimeGateway.Protecting.Tnef;

/// <summary>Kinds of Outlook messages (MS-OXPROPS section 2.784, MS-OXTNEF section 2.1.3.3.8).</summary>
internal static class MessageClasses
{
    private static readonly (string Old, string New)[] Renamed =
    [
        ("IPM.Microsoft Mail.Note", "IPM.Note"),
        ("IPM.Microsoft Mail.Read Receipt", "REPORT.IPM.Note.IPNRN"),
        ("IPM.Microsoft Mail.Non-Delivery", "REPORT.IPM.Note.NDR"),
        ("IPM.Microsoft Schedule.MtgReq", "IPM.Schedule.Meeting.Request"),
        ("IPM.Microsoft Schedule.MtgRespP", "IPM.Schedule.Meeting.Resp.Pos"),
        ("IPM.Microsoft Schedule.MtgRespN", "IPM.Schedule.Meeting.Resp.Neg"),
        ("IPM.Microsoft Schedule.MtgRespA", "IPM.Schedule.Meeting.Resp.Tent"),
        ("IPM.Microsoft Schedule.MtgCncl", "IPM.Schedule.Meeting.Canceled"),
    ];

    /// <summary>The class in the words of today, where it has a name from the time of Microsoft Mail.</summary>
    public static string Modern(string messageClass) =>
        Array.Find(Renamed, renamed => renamed.Old.Equals(messageClass, StringComparison.OrdinalIgnoreCase)).New ?? messageClass;

    /// <summary>Whether it is mail, all of which can be said in MIME.</summary>
    public static bool IsNote(string messageClass) => messageClass.Length == 0 || Is(messageClass, "IPM") || Starts(messageClass, "IPM.Note");

    /// <summary>Whether what is attached is the message itself, signed or encrypted.</summary>
    public static bool IsSealed(string messageClass) => Starts(messageClass, "IPM.Note.SMIME") || Starts(messageClass, "IPM.Note.Secure") || Starts(messageClass, "IPM.Note.rpmsg");

    /// <summary>The method of iTIP (RFC 5546), with what an answer says; null where the class is none of a meeting.</summary>
    public static (string Method, string? Answer)? MeetingOf(string messageClass) =>
        Starts(messageClass, "IPM.Schedule.Meeting.Request") ? ("REQUEST", null)
        : Starts(messageClass, "IPM.Schedule.Meeting.Canceled") ? ("CANCEL", null)
        : Starts(messageClass, "IPM.Schedule.Meeting.Resp.Pos") ? ("REPLY", "ACCEPTED")
        : Starts(messageClass, "IPM.Schedule.Meeting.Resp.Neg") ? ("REPLY", "DECLINED")
        : Starts(messageClass, "IPM.Schedule.Meeting.Resp.Tent") ? ("REPLY", "TENTATIVE")
        : null;

    private static bool Is(string messageClass, string name) => messageClass.Equals(name, StringComparison.OrdinalIgnoreCase);

    // A class is one that is derived from it as well: "IPM.Note.Microsoft.Voicemail".
    private static bool Starts(string messageClass, string name) =>
        Is(messageClass, name) || messageClass.StartsWith(name + ".", StringComparison.OrdinalIgnoreCase);
}
