namespace SmimeGateway.Reporting.Composing;

/// <summary>The words of each kind of report: its subject, its action, and two sentences that say what happened and what to do.</summary>
internal static class Wording
{
    /// <summary>The subject of the report.</summary>
    public static string Subject(ReportKind kind) => kind switch
    {
        ReportKind.Refused => "Undelivered mail returned to sender: refused",
        ReportKind.Expired => "Undelivered mail returned to sender: the time ran out",
        ReportKind.NotEncrypted => "Undelivered mail returned to sender: no certificate to encrypt to",
        ReportKind.Delayed => "Delayed mail: it is still being tried",
        ReportKind.AwaitingCertificate => "Delayed mail: it waits for a certificate to encrypt to",
        ReportKind.Delivered => "Delivered mail: your confirmation",
        ReportKind.Relayed => "Relayed mail: the last confirmation of its delivery",
    };

    /// <summary>The action of its recipients, in the words of RFC 3464 section 2.3.3.</summary>
    public static string Action(ReportKind kind) => kind switch
    {
        ReportKind.Refused or ReportKind.Expired or ReportKind.NotEncrypted => "failed",
        ReportKind.Delayed or ReportKind.AwaitingCertificate => "delayed",
        ReportKind.Delivered => "delivered",
        ReportKind.Relayed => "relayed",
    };

    /// <summary>What happened, and what to do.</summary>
    public static string Sentences(ReportOccasion occasion)
    {
        var age = Length(occasion.Message.Age);
        var end = MailDate.Write(occasion.RetryUntil ?? occasion.Now);
        return occasion.Kind switch
        {
            ReportKind.Refused =>
                "Your message was refused for the recipients below and will not be tried again.\r\n"
                + "Please correct what the reasons below name, and then send the message again.\r\n",
            ReportKind.Expired =>
                $"Your message could not be delivered to the recipients below within {age}.\r\n"
                + "Please send it again later, or reach the recipients in another way.\r\n",
            ReportKind.NotEncrypted =>
                "Your message had to be encrypted, and there is no certificate of the recipients\r\n"
                + "below to encrypt it to: it was not sent to them.\r\n"
                + "Please ask them for their certificates and then send it again, or reach them in\r\nanother way.\r\n",
            ReportKind.AwaitingCertificate =>
                "Your message has to be encrypted, and there is no certificate of the recipients\r\n"
                + $"below yet. It waits, and leaves as soon as there is one, until\r\n{end}.\r\n"
                + "Please ask them for their certificates, or reach them in another way.\r\n",
            ReportKind.Delayed =>
                $"Your message has not reached the recipients below after {age}.\r\n"
                + $"You need not do anything: it is tried until {end}.\r\n",
            ReportKind.Delivered =>
                "Your message was delivered to the recipients below.\r\n"
                + "This is the confirmation you asked for; there is nothing to do.\r\n",
            ReportKind.Relayed =>
                "Your message was passed on, for the recipients below, to a mail system that\r\n"
                + "does not confirm deliveries.\r\n"
                + "No other confirmation will come: please ask the recipients if you need one.\r\n",
        };
    }

    private static string Length(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => $"{span.TotalDays:0} days",
        { TotalHours: >= 2 } => $"{span.TotalHours:0} hours",
        { TotalMinutes: >= 1.5 } => $"{span.TotalMinutes:0} minutes",
        _ => "a minute",
    };
}
