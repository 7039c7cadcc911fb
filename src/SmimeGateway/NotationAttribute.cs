namespace SmimeGateway;

/// <summary>Says how the text of an option is written; options without it are plain text.</summary>
/// <param name="notation">The way it is written.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotationAttribute(Notation notation) : Attribute
{
    /// <summary>The way the option is written.</summary>
    public Notation Notation { get; } = notation;
}
