using SmimeGateway.Smtp;

namespace SmimeGateway.Protecting;

/// <summary>Reports the gateway writes itself. They hold nothing that was protected or should have been, so they leave as they are.</summary>
public static class OwnReport
{
    /// <summary>Makes a report ready to leave.</summary>
    /// <param name="envelope">From the null path to the sender of the message reported on.</param>
    /// <param name="content">The complete report.</param>
    /// <exception cref="ArgumentException">The envelope has a sender: a report about a report would follow.</exception>
    public static ProtectedMessage Protect(Envelope envelope, ReadOnlyMemory<byte> content)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        if (!envelope.ReversePath.IsNull)
        {
            throw new ArgumentException("A report leaves with the null reverse path.", nameof(envelope));
        }

        return new ProtectedMessage(envelope, content, Protection.OwnReport);
    }
}
