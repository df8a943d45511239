Gem::Specification.new("shop_mail", "0.1.0")
