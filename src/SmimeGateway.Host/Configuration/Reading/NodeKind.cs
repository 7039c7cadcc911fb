namespace SmimeGateway.Host.Configuration.Reading;

/// <summary>The kinds of JSON value.</summary>
internal enum NodeKind
{
    /// <summary>An object with members.</summary>
    Object,

    /// <summary>An array with elements.</summary>
    Array,

    /// <summary>A text.</summary>
    String,

    /// <summary>A number, as written.</summary>
    Number,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>null.</summary>
    Null,
}
