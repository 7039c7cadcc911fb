namespace SmimeGateway.Mime.Fields;

/// <summary>Words and dots read in a row: a display name, or a local part where dots separate the words properly.</summary>
/// <param name="LocalPart">The words without quotes, joined by their dots.</param>
/// <param name="IsLocalPart">Whether they form a local part: words with one dot between each two (RFC 5322 section 3.4.1).</param>
/// <param name="Phrase">The words without quotes, with a blank between those that a blank separated, and encoded words still encoded.</param>
internal readonly record struct AddressWords(string LocalPart, bool IsLocalPart, string Phrase)
{
    /// <summary>The name shown to people; a lone quoted string is taken as it is, so that quoting really does prevent decoding.</summary>
    public string DisplayName(string text, int start) =>
        text[start] == '"' && !Phrase.Contains("=?", StringComparison.Ordinal) ? Phrase : EncodedWords.Decode(Phrase);
}
