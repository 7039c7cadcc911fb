using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Mime.Fields;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Makes the header of a message that is to be protected one that every reader reads alike and every server takes.</summary>
public static class OuterLines
{
    // What these say is text, so that encoding it changes nothing for those who read it (RFC 2047 section 5).
    private static readonly string[] TextFields = ["Subject", "Comments", "Keywords", "Thread-Topic"];

    // A blank inside an identifier would break the thread for good.
    private static readonly string[] IdFields = ["Message-ID", "In-Reply-To", "References", "Resent-Message-ID", "Original-Message-ID", "Supersedes"];

    private const int MaxNamed = 60;

    /// <summary>
    /// The message with outer fields that have no blank before the colon, no line of blanks alone, and no line of more than 998
    /// octets. Long lines are folded; a text without a blank is written in encoded words. An author that is written as no grammar allows
    /// is written as it should be. Fails where addresses or identifiers cannot be folded, or where a name leaves no room for its colon.
    /// </summary>
    public static bool TryFit(
        SplitMessage message, [NotNullWhen(true)] out SplitMessage? fitting, [NotNullWhen(false)] out MimeFault? fault)
    {
        ArgumentNullException.ThrowIfNull(message);
        fitting = null;
        if (!TryFit(message.OuterFields, out var outer, out fault))
        {
            return false;
        }

        fitting = ReferenceEquals(outer, message.OuterFields) ? message : message.WithOuterFields(outer);
        return true;
    }

    private static bool TryFit(
        IReadOnlyList<HeaderField> fields, out IReadOnlyList<HeaderField> fitting, [NotNullWhen(false)] out MimeFault? fault)
    {
        fault = null;
        fitting = fields;
        for (var i = 0; i < fields.Count; i++)
        {
            var field = Fit(AddressRepair.Straighten(fields[i]));
            if (field is null)
            {
                fault = new MimeFault($"a line of {Shown(fields[i].Name)} is longer than {TransitScan.MaxLineLength} octets and has no place to fold it", 0);
                return false;
            }

            if (field != fields[i])
            {
                var changed = ReferenceEquals(fitting, fields) ? [.. fields] : (HeaderField[])fitting;
                changed[i] = field;
                fitting = changed;
            }
        }

        return true;
    }

    /// <summary>The field in lines that fit, itself where they do; null where it cannot be folded.</summary>
    internal static HeaderField? Fit(HeaderField field)
    {
        if (Array.Exists(TextFields, field.Is))
        {
            return FieldLines.Fit(field, FoldPlaces.Blanks) ?? new HeaderField(FoldedField.Write(field.Name + ":", WordRepair.Encode(field.Body)));
        }

        return FieldLines.Fit(
            field,
            AddressRepair.IsAddressField(field) ? FoldPlaces.Separators
            : Array.Exists(IdFields, field.Is) ? FoldPlaces.BehindIds
            : FoldPlaces.Anywhere);
    }

    private static string Shown(string name) => name.Length > MaxNamed ? name[..MaxNamed] + "..." : name;
}
