namespace SmimeGateway.Mime.Authors;

/// <summary>What stands against a field that says who wrote or sent a message.</summary>
public enum AuthorFlaw
{
    /// <summary>Too long, or with too many addresses.</summary>
    TooMuch,

    /// <summary>A control character.</summary>
    ControlCharacter,

    /// <summary>No address anywhere in it.</summary>
    NoAddress,

    /// <summary>An address in a form of which programs make different ones.</summary>
    UnclearAddress,

    /// <summary>A group (RFC 5322 section 3.4).</summary>
    Group,

    /// <summary>An "@" outside of names and comments that belongs to no address.</summary>
    UnclearSign,

    /// <summary>An address in a name or comment that is none of the mailboxes.</summary>
    OtherAddress,

    /// <summary>The same, in a name that some read only to the end of its line.</summary>
    FoldedOtherAddress,

    /// <summary>An "@" in a name or comment.</summary>
    SignInName,

    /// <summary>Something between <c>=?</c> and <c>?=</c> that is no encoded word.</summary>
    NoEncodedWord,

    /// <summary>An encoded word in a charset that is not known, or that programs decode differently.</summary>
    OddCharset,

    /// <summary>An encoded word of broken Base64 or Q.</summary>
    BrokenWord,

    /// <summary>An encoded word that ends within a shift of its charset.</summary>
    OpenShift,

    /// <summary>Half a character in an encoded word.</summary>
    HalfCharacter,

    /// <summary>A character in more octets of UTF-8 than it needs, which careless decoders read.</summary>
    OverlongForm,

    /// <summary>An encoded word within another one.</summary>
    NestedWord,

    /// <summary>An encoded word with the octets of an address among those of its characters.</summary>
    AddressInWord,

    /// <summary>A line that only some programs take for the field.</summary>
    HiddenLine,

    /// <summary>An address that is none to mail servers.</summary>
    UnservedAddress,

    /// <summary>There is no such field.</summary>
    Missing,

    /// <summary>Several mailboxes where one signs.</summary>
    Several,

    /// <summary>An address that the client or user may not use.</summary>
    NotGranted,

    /// <summary>What is inside of the message is another thing to another program, so that nobody knows whom it names.</summary>
    UnclearInside,
}
