namespace SmimeGateway.Protecting.Tnef;

/// <summary>What a TNEF object says, as it was read and not yet believed.</summary>
internal sealed class TnefMessage
{
    /// <summary>The kind of message in the words of today, "IPM.Note".</summary>
    public string MessageClass { get; set; } = string.Empty;

    public TnefProperties Properties { get; } = new();

    public string? Text { get; set; }

    public string? Html { get; set; }

    /// <summary>The text with its looks, where it is not HTML in disguise.</summary>
    public byte[]? Rtf { get; set; }

    public bool HasBody => Text is not null || Html is not null || Rtf is not null;

    public List<TnefAttachment> Attachments { get; } = [];

    /// <summary>Who is named as a recipient for all to see.</summary>
    public List<(bool IsCopy, string? Name, string? Address)> Recipients { get; } = [];

    /// <summary>What has no other form than TNEF, so that the object has to stay beside what is made of it; null where there is nothing.</summary>
    public string? Remains { get; set; }

    /// <summary>Who wrote it.</summary>
    public (string? Name, string? Address) Author =>
        (Properties.Text(TnefIds.SentRepresentingName) ?? Properties.Text(TnefIds.SenderName),
            Properties.Text(TnefIds.SentRepresentingSmtpAddress) ?? Properties.Text(TnefIds.SenderSmtpAddress)
            ?? Properties.Text(TnefIds.SentRepresentingEmailAddress) ?? Properties.Text(TnefIds.SenderEmailAddress));
}

/// <summary>Something attached to a TNEF message.</summary>
internal sealed class TnefAttachment
{
    public TnefProperties Properties { get; } = new();

    /// <summary>The short name in an attribute of its own, which the properties need not repeat.</summary>
    public string? Title { get; set; }

    public byte[]? Octets { get; set; }

    /// <summary>A message that is attached; null for a file.</summary>
    public TnefMessage? Message { get; set; }

    public string? Name =>
        First(Properties.Text(TnefIds.AttachLongFilename), Title, Properties.Text(TnefIds.AttachFilename), Properties.Text(TnefIds.DisplayName));

    private static string? First(params ReadOnlySpan<string?> names)
    {
        foreach (var name in names)
        {
            if (!string.IsNullOrWhiteSpace(name))
            {
                return name;
            }
        }

        return null;
    }
}
