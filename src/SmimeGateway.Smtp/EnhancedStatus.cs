using System.Globalization;

namespace SmimeGateway.Smtp;

/// <summary>An enhanced mail system status code (RFC 3463): class, subject and detail, written <c>5.7.1</c>.</summary>
/// <param name="Class">2 success, 4 persistent transient failure, 5 permanent failure.</param>
/// <param name="Subject">What the trouble is about, 0 to 999.</param>
/// <param name="Detail">Which trouble it is, 0 to 999.</param>
public readonly record struct EnhancedStatus(int Class, int Subject, int Detail)
{
    /// <summary>The code as RFC 3463 prints it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");
}
