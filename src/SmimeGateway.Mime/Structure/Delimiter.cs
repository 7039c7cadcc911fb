namespace SmimeGateway.Mime.Structure;

/// <summary>A delimiter line of a multipart body.</summary>
/// <param name="Start">Where the line end before it begins, or the line itself at the very start of a body.</param>
/// <param name="End">The octet after the line and its line end.</param>
/// <param name="IsClose">Whether it closes the multipart.</param>
internal readonly record struct Delimiter(int Start, int End, bool IsClose);
