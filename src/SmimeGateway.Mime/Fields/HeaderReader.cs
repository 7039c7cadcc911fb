using System.Diagnostics.CodeAnalysis;

namespace SmimeGateway.Mime.Fields;

/// <summary>
/// Cuts the header section off an entity. It ends at the first empty line (RFC 5322 section 2.1), or before the first line that is neither a
/// field nor the continuation of one: the body begins there for Postfix and most readers, and what they show must be what is protected.
/// </summary>
internal static class HeaderReader
{
    /// <summary>
    /// Reads the fields; <paramref name="bodyStart"/> is the octet after the empty line, or the first line of the body where there is none. A
    /// lone LF ends a line as CR LF does, so that content decrypted from careless senders is read as their recipients read it.
    /// </summary>
    /// <param name="entity">The entity.</param>
    /// <param name="isMessage">Whether it is a message and no part, so that its first line may be one that a mailbox file put before it.</param>
    /// <param name="limits">How much a header may hold.</param>
    /// <param name="addedFields">How many fields it may have beyond that.</param>
    /// <param name="header">The fields.</param>
    /// <param name="bodyStart">Where the body begins.</param>
    /// <param name="fault">Which limit is exceeded.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> entity,
        bool isMessage,
        MimeLimits limits,
        int addedFields,
        [NotNullWhen(true)] out HeaderSection? header,
        out int bodyStart,
        [NotNullWhen(false)] out MimeFault? fault)
    {
        header = null;
        bodyStart = 0;
        var span = entity.Span;
        var fields = new List<HeaderField>(24);
        var fieldStart = 0;
        var position = 0;
        var separator = 0;
        while (position < span.Length)
        {
            var feed = span[position..].IndexOf((byte)'\n');
            var lineEnd = feed < 0 ? span.Length : position + feed + 1;
            var line = span[position..lineEnd];
            if (FieldSyntax.IsEmptyLine(line))
            {
                separator = line.Length;
                break;
            }

            // Behind nothing there is nothing to continue.
            var continues = position > 0 && line[0] is (byte)' ' or (byte)'\t';
            if (!continues && !FieldSyntax.IsField(line) && !(position == 0 && isMessage && FieldSyntax.IsMailboxLine(line)))
            {
                break;
            }

            if (lineEnd > limits.MaxHeaderBytes)
            {
                fault = HeaderLimits.TooManyOctets(limits, position);
                return false;
            }

            if (!continues && position > 0)
            {
                fields.Add(new HeaderField(entity[fieldStart..position]));
                fieldStart = position;
                if (fields.Count >= limits.MaxHeaderFields + addedFields)
                {
                    fault = HeaderLimits.TooManyFields(limits, position);
                    return false;
                }
            }

            position = lineEnd;
        }

        if (position > fieldStart)
        {
            fields.Add(new HeaderField(entity[fieldStart..position]));
        }

        header = new HeaderSection(entity[..position], [.. fields]);
        bodyStart = position + separator;
        fault = null;
        return true;
    }
}
