using System.Globalization;

namespace SmimeGateway.Mime.Fields;

/// <summary>One parameter as written: a whole value, or a numbered piece of one (RFC 2231 sections 3 and 4).</summary>
internal readonly record struct ParameterPiece(string Name, int? Index, bool IsEncoded, string Value)
{
    /// <summary>Takes "name", "name*", "name*1" and "name*1*" apart; anything else after the star belongs to the name.</summary>
    public static ParameterPiece Read(string name, string value)
    {
        var isEncoded = name.EndsWith('*');
        var core = isEncoded ? name[..^1] : name;
        var star = core.LastIndexOf('*');
        if (star > 0 && int.TryParse(core.AsSpan(star + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return new ParameterPiece(core[..star], index, isEncoded, value);
        }

        return new ParameterPiece(core, null, isEncoded, value);
    }
}
