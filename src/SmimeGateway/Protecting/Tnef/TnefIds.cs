using MimeKit.Tnef;

namespace SmimeGateway.Protecting.Tnef;

/// <summary>Properties that are looked for, by their numbers (MS-OXPROPS).</summary>
internal static class TnefIds
{
    public const int MessageClass = 0x001A;
    public const int Subject = 0x0037;
    public const int ClientSubmitTime = 0x0039;
    public const int SentRepresentingName = 0x0042;
    public const int StartDate = 0x0060;
    public const int EndDate = 0x0061;
    public const int SentRepresentingEmailAddress = 0x0065;
    public const int RecipientType = 0x0C15;
    public const int SenderName = 0x0C1A;
    public const int SenderEmailAddress = 0x0C1F;
    public const int MessageDeliveryTime = 0x0E06;
    public const int Body = 0x1000;
    public const int RtfCompressed = 0x1009;
    public const int BodyHtml = 0x1013;
    public const int InternetMessageId = 0x1035;
    public const int DisplayName = 0x3001;
    public const int EmailAddress = 0x3003;
    public const int AttachData = 0x3701;
    public const int AttachFilename = 0x3704;
    public const int AttachMethod = 0x3705;
    public const int AttachLongFilename = 0x3707;
    public const int AttachMimeTag = 0x370E;
    public const int AttachContentId = 0x3712;
    public const int SmtpAddress = 0x39FE;
    public const int InternetCodepage = 0x3FDE;
    public const int SenderSmtpAddress = 0x5D01;
    public const int SentRepresentingSmtpAddress = 0x5D02;

    // Properties with names.
    public const int AppointmentSequence = 0x8201;
    public const int Location = 0x8208;
    public const int AppointmentStartWhole = 0x820D;
    public const int AppointmentEndWhole = 0x820E;
    public const int AppointmentSubType = 0x8215;
    public const int Recurring = 0x8223;
    public const int GlobalObjectId = 0x0003;
    public const int IsRecurring = 0x0005;
    public const int CleanGlobalObjectId = 0x0023;

    public static readonly Guid Appointment = new("00062002-0000-0000-C000-000000000046");
    public static readonly Guid Meeting = new("6ED8DA90-450B-101B-98DA-00AA003F1305");

    /// <summary>Whether a property without a name has the type that its name says: what it is otherwise, nobody knows.</summary>
    public static bool IsOfItsType(int id, TnefPropertyType type) => id switch
    {
        RtfCompressed => type is TnefPropertyType.Binary,
        AttachData => type is TnefPropertyType.Binary or TnefPropertyType.Object,
        BodyHtml => type is TnefPropertyType.Binary or TnefPropertyType.String8 or TnefPropertyType.Unicode,
        RecipientType or AttachMethod or InternetCodepage => type is TnefPropertyType.Long or TnefPropertyType.I2,
        StartDate or EndDate or ClientSubmitTime or MessageDeliveryTime => type is TnefPropertyType.SysTime,
        _ => type is TnefPropertyType.String8 or TnefPropertyType.Unicode,
    };
}
