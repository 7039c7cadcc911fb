using SmimeGateway.Mime;
using SmimeGateway.Mime.Authors;

namespace SmimeGateway.Deciding;

/// <summary>Why a message shows no author whom everybody sees, or none to sign for.</summary>
/// <param name="Field">The header field that is to blame.</param>
/// <param name="Fault">What about it.</param>
/// <param name="IsInside">Whether the field stands inside of the message, where programs show it in place of the outer one.</param>
public sealed record AuthorTrouble(string Field, AuthorFault Fault, bool IsInside = false)
{
    /// <summary>The cause in words that are fit for a reply.</summary>
    public string Words => $"{(IsInside ? "inside of the message, " : string.Empty)}the header {Field} {Fault.Words}";

    /// <summary>The same for the log, with the address.</summary>
    public override string ToString() => Fault.Address is { } address ? $"{Words}: {address}" : Words;
}
