using System.Buffers;
using System.Text;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests.Hardening;

/// <summary>What a relay must find no reason to change, checked line by line and label by label, apart from the code under test.</summary>
internal static class TransitRules
{
    public static IReadOnlyList<string> Violations(ReadOnlySequence<byte> part)
    {
        var text = Encoding.Latin1.GetString(part.ToArray());
        var violations = new List<string>();
        var lines = text.Split("\r\n");
        for (var i = 0; i < lines.Length; i++)
        {
            var problem = Problem(lines[i]);
            if (problem is not null)
            {
                violations.Add($"line {i + 1} {problem}: {lines[i][..Math.Min(60, lines[i].Length)]}");
            }
        }

        AddLabels(Read.Message(part.ToArray()), violations);
        return violations;
    }

    private static string? Problem(string line)
    {
        if (line.Any(character => character is > '\u007F' or '\0' or '\r' or '\n'))
        {
            return "holds an octet that relays change";
        }

        if (line.Length > 998)
        {
            return "is too long";
        }

        return line.EndsWith(' ') || line.EndsWith('\t')
            ? "ends in a blank"
            : line.StartsWith("From ", StringComparison.Ordinal) ? "begins with From" : null;
    }

    private static void AddLabels(Entity entity, List<string> violations)
    {
        if (entity.TransferEncoding is "8bit" or "binary")
        {
            violations.Add("an entity is labelled " + entity.TransferEncoding);
        }

        if (entity.TransferEncoding is "base64" or "quoted-printable")
        {
            return;
        }

        foreach (var part in Read.Parts(entity))
        {
            AddLabels(part, violations);
        }
    }
}
