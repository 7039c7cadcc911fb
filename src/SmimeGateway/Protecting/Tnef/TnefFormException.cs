namespace SmimeGateway.Protecting.Tnef;

/// <summary>Why a TNEF object is not converted: it is damaged, asks for more than it may, or has no form in MIME. Ends the reading of it at once.</summary>
/// <param name="reason">The reason, for the log; nothing of what the object holds.</param>
#pragma warning disable CA1064 // Thrown and caught between these classes alone.
internal sealed class TnefFormException(string reason) : Exception(reason);
#pragma warning restore CA1064
