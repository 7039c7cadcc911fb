namespace SmimeGateway.Mime.Authors;

/// <summary>Why a field that says who wrote or sent a message is not read, or gets no proof of an author.</summary>
/// <param name="Flaw">What about it.</param>
/// <param name="Address">The address that it is about, or null.</param>
public sealed record AuthorFault(AuthorFlaw Flaw, string? Address = null)
{
    /// <summary>The flaw in words, as what "it", the field, does.</summary>
    public string Words => Flaw switch
    {
        AuthorFlaw.TooMuch => $"has more than {AuthorField.MaxLength} characters, {AuthorField.MaxSigns} at signs or {AuthorField.MaxMailboxes} mailboxes",
        AuthorFlaw.ControlCharacter => "has a control character",
        AuthorFlaw.NoAddress => "names no address",
        AuthorFlaw.UnclearAddress => "has an address in a form that programs read differently",
        AuthorFlaw.Group => "has a group of addresses",
        AuthorFlaw.UnclearSign => "has an \"@\" that programs read differently",
        AuthorFlaw.OtherAddress => "shows another address in a name or comment",
        AuthorFlaw.FoldedOtherAddress => "shows another address in a folded name or comment",
        AuthorFlaw.SignInName => "has an \"@\" in a name or comment that could be taken for an address",
        AuthorFlaw.NoEncodedWord => "has something that looks like an encoded word and is none",
        AuthorFlaw.OddCharset => "has an encoded word in a charset that programs read differently",
        AuthorFlaw.BrokenWord => "has an encoded word that is not sound by itself",
        AuthorFlaw.OpenShift => "has an encoded word that ends within a shift of its charset",
        AuthorFlaw.HalfCharacter => "has an encoded word with half a character",
        AuthorFlaw.OverlongForm => "has a character in a longer form than UTF-8 allows",
        AuthorFlaw.NestedWord => "has an encoded word inside another one",
        AuthorFlaw.AddressInWord => "has an encoded word in which some see an address",
        AuthorFlaw.HiddenLine => "stands in a line that only some programs take for it",
        AuthorFlaw.UnservedAddress => "has an address that no mail server takes",
        AuthorFlaw.Missing => "is missing",
        AuthorFlaw.Several => "names several mailboxes",
        AuthorFlaw.NotGranted => "names an address that you may not send as",
        AuthorFlaw.UnclearInside => "differs from program to program",
    };
}
